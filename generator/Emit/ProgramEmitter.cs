using NsGen.Generator.Model;

namespace NsGen.Generator.Emit;

/// <summary>Writes the launcher of a method that runs a program: its parameters become the program's arguments.</summary>
internal static class ProgramEmitter
{
    public static void Emit(SourceWriter writer, SignatureModel signature, ProgramCall call)
    {
        string what = $"in {Code.Child(call.Isolation)}.";
        MethodEmitter.Summary(
            writer, signature, documentation: $"Runs <c>{Code.Documentation(call.Path)}</c> {what}", comment: $"Runs {Code.Comment(call.Path)} {what}");
        Code.GeneratedCode(writer);
        Code.LinuxOnly(writer);
        MethodEmitter.OpenPart(writer, signature, isAsync: call.Launcher == Launcher.Awaits);
        string arguments = WriteArguments(writer, signature, call);
        switch (call.Launcher, call.Result)
        {
            case (Launcher.Starts, _):
                Run(writer, signature, call, "return ", "StartProgram", arguments, ";");
                break;
            case (Launcher.Waits, ProgramResult.Status):
                Run(writer, signature, call, "return ", "RunProgram", arguments, ";");
                break;
            case (_, ProgramResult.Status):
                Run(writer, signature, call, "return await ", "RunProgramAsync", arguments, ".ConfigureAwait(false);");
                break;
            default:
                string status = Code.Local("status", signature);
                bool waits = call.Launcher == Launcher.Waits;
                Run(
                    writer, signature, call,
                    $"var {status} = {(waits ? "" : "await ")}", waits ? "RunProgram" : "RunProgramAsync", arguments, waits ? ";" : ".ConfigureAwait(false);");
                writer.Line(call.Result == ProgramResult.ExitCode
                    ? $"return {status}.ExitCode;"
                    : $"{Code.Services}.ProgramExit.ThrowIfFailed({Code.Literal(call.Path)}, {status});");
                break;
        }

        writer.Close();
    }

    private static void Run(
        SourceWriter writer, SignatureModel signature, ProgramCall call, string start, string method, string arguments, string end)
    {
        string[] special = [.. LauncherEmitter.Special(signature, call.Arguments)];
        writer.Line($"{start}{Code.Services}.IsolatedCall.{method}(");
        writer.Indent();
        writer.Line($"{Code.Literal(call.Path)},");
        writer.Line($"{arguments},");
        Code.Options(writer, call.Isolation, special.Length > 0 ? "," : ")" + end);
        if (special.Length > 0)
        {
            writer.Line($"{string.Join(", ", special)}){end}");
        }

        writer.Unindent();
    }

    /// <summary>Writes the list of arguments; gives the expression that holds it.</summary>
    private static string WriteArguments(SourceWriter writer, SignatureModel signature, ProgramCall call)
    {
        (ParameterModel Parameter, ProgramArgument Argument)[] all =
        [
            .. signature.Parameters
                .Zip(call.Arguments, static (parameter, argument) => (parameter, argument as ProgramArgument))
                .Where(static pair => pair.Item2 is not null)
                .Select(static pair => (pair.parameter, pair.Item2!)),
        ];
        switch (all)
        {
            case []:
                return "global::System.Array.Empty<string>()";
            case [{ Argument.IsList: true } only]:
                return only.Parameter.Name;
        }

        string arguments = Code.Local("arguments", signature);
        writer.Line($"var {arguments} = new {Code.Services}.ProgramArguments();");
        foreach ((ParameterModel parameter, ProgramArgument argument) in all)
        {
            string format = argument.Format is null ? "" : $", {Code.Literal(argument.Format)}";
            writer.Line($"{arguments}.{argument.Adder}({parameter.Name}{format});");
        }

        return arguments;
    }
}

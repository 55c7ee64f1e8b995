using NsGen.Generator.Model;

namespace NsGen.Generator.Emit;

/// <summary>Writes the launcher of a method that runs a program: its parameters become the program's arguments.</summary>
internal static class ProgramEmitter
{
    public static void Emit(SourceWriter writer, SignatureModel signature, ProgramCall call)
    {
        string what = $"in {Code.Child(call.Isolation)}.";
        MethodEmitter.Summary(
            writer, signature, documentation: $"Runs <c>{Code.Escape(call.Path)}</c> {what}", comment: $"Runs {call.Path} {what}");
        Code.GeneratedCode(writer);
        Code.LinuxOnly(writer);
        MethodEmitter.OpenPart(writer, signature, isAsync: call.Launcher == Launcher.Awaits);
        string arguments = WriteArguments(writer, signature, call);
        string path = Code.Literal(call.Path);
        (string start, string end) = (call.Launcher, call.Result) switch
        {
            (Launcher.Starts, _) => ("return ", ";"),
            (_, ProgramResult.None) => ($"{Code.Services}.ProgramExit.ThrowIfFailed({path}, ", ");"),
            (_, ProgramResult.ExitCode) => ("return ", ".ExitCode;"),
            _ => ("return ", ";"),
        };
        string method = call.Launcher switch
        {
            Launcher.Starts => "StartProgram",
            Launcher.Awaits => "RunProgramAsync",
            _ => "RunProgram",
        };
        if (call.Launcher == Launcher.Awaits)
        {
            start += call.Result == ProgramResult.ExitCode ? "(await " : "await ";
            end = ".ConfigureAwait(false)" + (call.Result == ProgramResult.ExitCode ? ")" : "") + end;
        }

        writer.Line($"{start}{Code.Services}.IsolatedCall.{method}(");
        writer.Indent();
        writer.Line($"{path},");
        writer.Line($"{arguments},");
        Code.Options(writer, "", call.Isolation, $"{LauncherEmitter.Special(signature, call.Arguments)}){end}");
        writer.Unindent();
        writer.Close();
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

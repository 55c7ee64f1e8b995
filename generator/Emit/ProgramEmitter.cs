using NsGen.Generator.Model;

namespace NsGen.Generator.Emit;

/// <summary>Writes the launcher of a method that runs a program: its parameters become the program's arguments.</summary>
internal static class ProgramEmitter
{
    public static void Emit(SourceWriter writer, SignatureModel signature, ProgramCall call)
    {
        string what = $"in {Code.Child(call.Isolation)}.";
        MethodEmitter.Summary(
            writer,
            signature,
            documentation: $"Runs <c>{Code.Documentation(call.Path)}</c> {what}",
            comment: $"Runs {Code.Comment(call.Path)} {what}");
        Code.GeneratedCode(writer);
        Code.LinuxOnly(writer);
        MethodEmitter.OpenPart(writer, signature, isAsync: call.Launcher == Launcher.Awaits);
        string arguments = WriteArguments(writer, signature, call);
        if (call.Launcher == Launcher.Starts || call.Result == ProgramResult.Status)
        {
            Run(writer, signature, call, "return ", arguments);
        }
        else
        {
            string status = Code.Local("status", signature);
            Run(writer, signature, call, $"var {status} = ", arguments);
            writer.Line(call.Result == ProgramResult.ExitCode
                ? $"return {status}.ExitCode;"
                : $"{Code.Services}.ProgramExit.ThrowIfFailed({Code.Literal(call.Path)}, {status});");
        }

        writer.Close();
    }

    /// <summary>Writes the call to the runtime, one argument a line.</summary>
    private static void Run(SourceWriter writer, SignatureModel signature, ProgramCall call, string start, string arguments)
    {
        (string method, string end) = call.Launcher switch
        {
            Launcher.Starts => ("StartProgram", ");"),
            Launcher.Awaits => ("RunProgramAsync", ").ConfigureAwait(false);"),
            _ => ("RunProgram", ");"),
        };
        string await = call.Launcher == Launcher.Awaits ? "await " : "";
        string special = string.Join(", ", LauncherEmitter.Special(signature, call.Arguments));
        writer.Line($"{start}{await}{Code.Services}.IsolatedCall.{method}(");
        writer.Indent();
        writer.Line($"{Code.Literal(call.Path)},");
        writer.Line($"{arguments},");
        Code.Options(writer, call.Isolation, special.Length > 0 ? "," : end);
        if (special.Length > 0)
        {
            writer.Line(special + end);
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

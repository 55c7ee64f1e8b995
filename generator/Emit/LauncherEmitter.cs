using NsGen.Generator.Model;

namespace NsGen.Generator.Emit;

/// <summary>Writes the launcher of a method that runs a body: it sends the arguments and reads the result.</summary>
internal static class LauncherEmitter
{
    public static void Emit(SourceWriter writer, MethodModel method, BodyCall call)
    {
        SignatureModel signature = method.Signature;
        string what = $"in {Code.Child(call.Isolation)}.";
        MethodEmitter.Summary(
            writer,
            signature,
            documentation: $"Runs {(call.BodyIsUnique ? $"<see cref=\"{call.Body}\"/>" : $"<c>{call.Body}</c>")} {what}",
            comment: $"Runs {call.Body} {what}");
        Code.GeneratedCode(writer);
        Code.LinuxOnly(writer);
        Code.Requires(writer, call.Requires, onLauncher: true);
        MethodEmitter.OpenPart(writer, signature, isAsync: call.Launcher == Launcher.Awaits);
        string sent = $"{call.ChildSide}.Method, {WriteArguments(writer, signature, call)}";
        string special = string.Concat(Special(signature, call.Arguments).Select(static argument => $", {argument}"));
        switch (call.Launcher)
        {
            case Launcher.Streams:
                string item = Payload.Read("item", call.Result!, call.JsonContext);
                writer.Line($"return {Code.Services}.IsolatedCall.Stream<{call.Result!.FullType}>({sent}, static item => {item}{special});");
                break;
            case Launcher.Starts when call.Result is null:
                writer.Line($"return {Code.Services}.IsolatedCall.Start({sent}{special});");
                break;
            case Launcher.Starts:
                string read = Payload.Read("result", call.Result, call.JsonContext);
                string start = $"{Code.Services}.IsolatedCall.Start<{call.Result.FullType}>";
                writer.Line($"return {start}({sent}, static result => {read}{special});");
                break;
            case Launcher.Awaits:
                string result = Code.Local("result", signature);
                writer.Line($"{(call.Result is null ? "" : $"var {result} = ")}await {Code.Services}.IsolatedCall");
                writer.Indent();
                writer.Line($".RunAsync({sent}{special})");
                writer.Line(".ConfigureAwait(false);");
                writer.Unindent();
                if (call.Result is not null)
                {
                    writer.Line($"return {Payload.Read(result, call.Result, call.JsonContext)};");
                }

                break;
            default:
                string run = $"{Code.Services}.IsolatedCall.Run({sent}{special})";
                writer.Line(call.Result is null ? $"{run};" : $"return {Payload.Read(run, call.Result, call.JsonContext)};");
                break;
        }

        writer.Close();
        writer.Line();
    }

    /// <summary>The special parameters as the last arguments of a call to the runtime: the options, then the token.</summary>
    public static IEnumerable<string> Special(SignatureModel signature, EquatableArray<ArgumentModel> arguments)
    {
        string? options = Parameter<OptionsArgument>(signature, arguments);
        string? token = Parameter<CancellationArgument>(signature, arguments);
        if (Parameter<TargetArgument>(signature, arguments) is { } target)
        {
            options = $"{Code.Services}.IsolatedCall.Join({target}{(options is null ? "" : $", {options}")})";
        }

        if (options is not null)
        {
            yield return options;
        }

        if (token is not null)
        {
            yield return options is null ? $"cancellationToken: {token}" : token;
        }
    }

    private static string? Parameter<T>(SignatureModel signature, EquatableArray<ArgumentModel> arguments)
        where T : ArgumentModel
        => signature.Parameters.Zip(arguments, static (parameter, argument) => argument is T ? parameter.Name : null)
            .FirstOrDefault(static name => name is not null);

    /// <summary>Writes the arguments; gives the expression of the writer that holds them.</summary>
    private static string WriteArguments(SourceWriter writer, SignatureModel signature, BodyCall call)
    {
        string create = $"new {Code.Services}.PayloadWriter()";
        if (!call.Arguments.Any(static argument => argument is PayloadArgument or ProgressArgument))
        {
            return create;
        }

        string arguments = Code.Local("arguments", signature);
        writer.Line($"var {arguments} = {create};");
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            string name = signature.Parameters[i].Name;
            switch (call.Arguments[i])
            {
                case PayloadArgument { Value: var value }:
                    writer.Line($"{Payload.Write(arguments, value, name, call.JsonContext)};");
                    break;
                case ProgressArgument { Value: var report, IsNullable: var isNullable }:
                    string read = Payload.Read(Code.Local("report", signature), report, call.JsonContext);
                    writer.Line($"{arguments}.WriteProgress({Code.Local("report", signature)} => {name}{(isNullable ? "?" : "")}.Report({read}));");
                    break;
            }
        }

        return arguments;
    }
}

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
        string arguments = WriteArguments(writer, signature, call);
        string rest = Special(signature, call.Arguments);
        string method_ = $"{call.ChildSide}.Method";
        switch (call.Launcher)
        {
            case Launcher.Starts when call.Result is null:
                writer.Line($"return {Code.Services}.IsolatedCall.Start({method_}, {arguments}{rest});");
                break;
            case Launcher.Starts:
                writer.Line(
                    $"return {Code.Services}.IsolatedCall.Start<{call.Result.FullType}>({method_}, {arguments}, static result => {Payload.Read("result", call.Result, call.JsonContext)}{rest});");
                break;
            case Launcher.Awaits:
                string awaited = $"await {Code.Services}.IsolatedCall.RunAsync({method_}, {arguments}{rest}).ConfigureAwait(false)";
                if (call.Result is null)
                {
                    writer.Line($"{awaited};");
                }
                else
                {
                    string result = Code.Local("result", signature);
                    writer.Line($"var {result} = {awaited};");
                    writer.Line($"return {Payload.Read(result, call.Result, call.JsonContext)};");
                }

                break;
            default:
                string run = $"{Code.Services}.IsolatedCall.Run({method_}, {arguments}{rest})";
                writer.Line(call.Result is null ? $"{run};" : $"return {Payload.Read(run, call.Result, call.JsonContext)};");
                break;
        }

        writer.Close();
        writer.Line();
    }

    /// <summary>The special parameters as the last arguments of a call to the runtime.</summary>
    public static string Special(SignatureModel signature, EquatableArray<ArgumentModel> arguments)
    {
        string? options = Parameter<OptionsArgument>(signature, arguments);
        string? token = Parameter<CancellationArgument>(signature, arguments);
        return (options is null ? "" : $", {options}") + (token, options) switch
        {
            (null, _) => "",
            (_, null) => $", cancellationToken: {token}",
            _ => $", {token}",
        };
    }

    private static string? Parameter<T>(SignatureModel signature, EquatableArray<ArgumentModel> arguments)
        where T : ArgumentModel
        => signature.Parameters.Zip(arguments, static (parameter, argument) => argument is T ? parameter.Name : null)
            .FirstOrDefault(static name => name is not null);

    /// <summary>Writes the arguments; gives the expression of the writer that holds them.</summary>
    private static string WriteArguments(SourceWriter writer, SignatureModel signature, BodyCall call)
    {
        string create = $"new {Code.Services}.PayloadWriter()";
        if (!call.Arguments.Any(static argument => argument is PayloadArgument))
        {
            return create;
        }

        string arguments = Code.Local("arguments", signature);
        writer.Line($"var {arguments} = {create};");
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            if (call.Arguments[i] is PayloadArgument { Value: var value })
            {
                writer.Line($"{Payload.Write(arguments, value, signature.Parameters[i].Name, call.JsonContext)};");
            }
        }

        return arguments;
    }
}

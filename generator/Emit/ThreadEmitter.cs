using NsGen.Generator.Model;

namespace NsGen.Generator.Emit;

/// <summary>Writes the launcher of a method whose body runs on a thread of this process.</summary>
internal static class ThreadEmitter
{
    public static void Emit(SourceWriter writer, SignatureModel signature, ThreadCall call)
    {
        string what = $"on a thread of its own{Code.Namespaces(call.Isolation, " with ")}.";
        MethodEmitter.Summary(
            writer,
            signature,
            documentation: $"Runs {(call.BodyIsUnique ? $"<see cref=\"{call.Body}\"/>" : $"<c>{call.Body}</c>")} {what}",
            comment: $"Runs {call.Body} {what}");
        Code.GeneratedCode(writer);
        Code.LinuxOnly(writer);
        bool isAsync = call.Launcher == Launcher.Awaits;
        MethodEmitter.OpenPart(writer, signature, isAsync);
        string options = call.Target is null
            ? call.Options ?? "null"
            : $"{Code.Services}.IsolatedCall.Join({call.Target}{(call.Options is null ? "" : $", {call.Options}")})";
        writer.Line($"{(call.HasResult ? "return " : "")}{(isAsync ? "await " : "")}{Code.Services}.IsolatedThread.{(isAsync ? "RunAsync" : "Run")}(");
        writer.Indent();
        Code.Options(writer, call.Isolation, ",");
        writer.Line($"{options},");
        writer.Line($"() => {call.Body}({string.Join(", ", call.Passed)})){(isAsync ? ".ConfigureAwait(false)" : "")};");
        writer.Unindent();
        writer.Close();
    }
}

using System.Globalization;
using NsGen.Generator.Model;

namespace NsGen.Generator.Emit;

/// <summary>Writes the nested class with the child's side of a method that runs a body.</summary>
internal static class ChildSideEmitter
{
    public static void Emit(SourceWriter writer, MethodModel method, BodyCall call)
    {
        writer.Line($"// What {method.Signature.Name} launches, and the side of it that runs in the child.");
        Code.GeneratedCode(writer);
        Code.Hidden(writer);
        writer.Open($"internal static class {call.ChildSide}");
        Method(writer, method, call);
        writer.Line();
        Run(writer, method, call);
        writer.Close();
    }

    private static void Method(SourceWriter writer, MethodModel method, BodyCall call)
    {
        writer.Line($"internal static readonly {Code.Services}.IsolatedMethod Method = new(");
        writer.Indent();
        writer.Line($"{Code.Literal(method.Assembly)},");
        writer.Line($"{Code.Literal(method.Id)},");
        string[] rest =
        [
            .. call.AcceptsCancellation ? ["acceptsCancellation: true"] : Array.Empty<string>(),
            .. call.Warm != 0 ? [$"warm: {call.Warm.ToString(CultureInfo.InvariantCulture)}"] : Array.Empty<string>(),
        ];
        Code.Options(writer, call.Isolation, rest.Length > 0 ? "," : ");");
        if (rest.Length > 0)
        {
            writer.Line($"{string.Join(", ", rest)});");
        }

        writer.Unindent();
    }

    private static void Run(SourceWriter writer, MethodModel method, BodyCall call)
    {
        SignatureModel signature = method.Signature;
        string child = Code.Local("call", signature);
        writer.Line("// This code runs in the child: it reads the arguments, calls the body and writes the result.");
        Code.Requires(writer, call.Requires, onLauncher: false);
        writer.Open($"internal static void Run({Code.Services}.ChildCall {child})");
        if (call.Warm > 0)
        {
            writer.Open($"if ({child}.IsRehearsal)");
            writer.Line($"Rehearse({child});");
            writer.Line("return;");
            writer.Close();
            writer.Line();
        }

        var passed = new List<string>();
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            string name = signature.Parameters[i].Name;
            switch (call.Arguments[i])
            {
                case PayloadArgument { Value: var value }:
                    writer.Line($"var {name} = {Payload.Read($"{child}.Arguments", value, call.JsonContext)};");
                    passed.Add(name);
                    break;
                case ProgressArgument { Number: var number, Value: var report }:
                    string report_ = Payload.Write("writer", report, "report", call.JsonContext);
                    passed.Add($"{child}.Progress<{report.FullType}>({number}, static (writer, report) => {report_})");
                    break;
                case CancellationArgument when call.AcceptsCancellation:
                    passed.Add($"{child}.CancellationToken");
                    break;
            }
        }

        string body = $"{method.Container.Path}.{call.Body}({string.Join(", ", passed)})" + call.Awaiting switch
        {
            Awaiting.Task => ".GetAwaiter().GetResult()",
            Awaiting.ValueTask => ".AsTask().GetAwaiter().GetResult()", // a ValueTask itself must not be waited for
            _ => "",
        };
        Finish(writer, signature, call, child, body);
        writer.Close();
        if (call.Warm > 0)
        {
            writer.Line();
            Rehearse(writer, method, call);
        }
    }

    private static void Rehearse(SourceWriter writer, MethodModel method, BodyCall call)
    {
        ValueModel[] values = [.. call.Arguments.OfType<PayloadArgument>().Select(static argument => argument.Value)];
        writer.Line("// Has all that a call needs compiled before it comes: values of no meaning cross, the body is compiled but does not run.");
        Code.Requires(writer, call.Requires, onLauncher: false);
        writer.Open($"private static void Rehearse({Code.Services}.ChildCall call)");
        if (call.BodyDelegate is not null)
        {
            writer.Line($"{Code.Services}.ChildCall.Compile(new {call.BodyDelegate}({method.Container.Path}.{call.Body}));");
        }

        writer.Line($"var sample = new {Code.Services}.PayloadWriter();");
        foreach (ValueModel value in values)
        {
            writer.Line($"{Payload.Write("sample", value, $"default({value.FullType})!", call.JsonContext)};");
        }

        writer.Line("var read = " + Code.Services + ".ChildCall.Rehearse(sample);");
        foreach (ValueModel value in values)
        {
            writer.Line($"_ = {Payload.Read("read", value, call.JsonContext)};");
        }

        if (call.Result is { } result)
        {
            writer.Line($"{Payload.Write("call.Result", result, $"default({result.FullType})!", call.JsonContext)};");
        }

        writer.Close();
    }

    private static void Finish(SourceWriter writer, SignatureModel signature, BodyCall call, string child, string body)
    {
        if (call.Awaiting == Awaiting.Stream)
        {
            string item = Payload.Write("writer", call.Result!, "item", call.JsonContext);
            writer.Line($"{child}.StreamAsync<{call.Result!.FullType}>({body}, static (writer, item) => {item}).GetAwaiter().GetResult();");
        }
        else if (call.ResultIsExitCode && call.Result is null)
        {
            writer.Line($"{child}.ExitCode = {body};");
        }
        else if (call.Result is null)
        {
            writer.Line($"{body};");
        }
        else if (call.ResultIsExitCode)
        {
            string result = Code.Local("result", signature);
            writer.Line($"var {result} = {body};");
            writer.Line($"{Payload.Write($"{child}.Result", call.Result, result, call.JsonContext)};");
            writer.Line($"{child}.ExitCode = {result};");
        }
        else
        {
            writer.Line($"{Payload.Write($"{child}.Result", call.Result, body, call.JsonContext)};");
        }
    }
}

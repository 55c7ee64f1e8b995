using NsGen.Generator.Model;

namespace NsGen.Generator.Emit;

/// <summary>Writes the file of one isolated method.</summary>
internal static class MethodEmitter
{
    public static string Emit(MethodModel method)
    {
        var writer = new SourceWriter();
        Code.Header(writer);
        ContainerModel container = method.Container;
        if (container.Namespace is not null)
        {
            writer.Open($"namespace {container.Namespace}");
        }

        foreach (TypeModel type in container.Types)
        {
            writer.Open(type.Declaration);
            if (type.Forwarder is { } forwarder && method.Call is BodyCall call)
            {
                Forward(writer, forwarder, call);
            }
        }

        switch (method.Call)
        {
            case BodyCall call:
                LauncherEmitter.Emit(writer, method, call);
                ChildSideEmitter.Emit(writer, method, call);
                break;
            case ThreadCall call:
                ThreadEmitter.Emit(writer, method.Signature, call);
                break;
            case ProgramCall call:
                ProgramEmitter.Emit(writer, method.Signature, call);
                break;
            case InvalidCall call:
                Throw(writer, method, call);
                break;
        }

        foreach (TypeModel _ in container.Types)
        {
            writer.Close();
        }

        if (container.Namespace is not null)
        {
            writer.Close();
        }

        return writer.ToString();
    }

    /// <summary>Opens the implementing part.</summary>
    public static void OpenPart(SourceWriter writer, SignatureModel signature, bool isAsync = false)
    {
        string parameters = string.Join(", ", signature.Parameters.Select(static parameter =>
            $"{parameter.Modifiers}{(parameter.Modifiers.Length > 0 ? " " : "")}{parameter.Type} {parameter.Name}"));
        string modifiers = signature.Modifiers.Length > 0 ? signature.Modifiers + " " : "";
        string constraints = string.Concat(signature.Constraints.Select(static clause => " " + clause));
        writer.Open($"{modifiers}{(isAsync ? "async " : "")}partial {signature.ReturnType} {signature.Name}({parameters}){constraints}");
    }

    /// <summary>Says what the part does: in a documentation comment, unless that would replace the programmer's own.</summary>
    public static void Summary(SourceWriter writer, SignatureModel signature, string documentation, string comment)
        => writer.Line(signature.IsDocumented ? $"// {comment}" : $"/// <summary>{documentation}</summary>");

    private static void Forward(SourceWriter writer, ForwarderModel forwarder, BodyCall call)
    {
        writer.Line("// Lets the module initializer reach the child's side in a type that only this one may name.");
        Code.GeneratedCode(writer);
        Code.Hidden(writer);
        Code.Requires(writer, call.Requires, onLauncher: false);
        writer.Line($"internal static void {forwarder.Name}({Code.Services}.ChildCall call) => {forwarder.Target}(call);");
        writer.Line();
    }

    private static void Throw(SourceWriter writer, MethodModel method, InvalidCall call)
    {
        string name = method.Id.Substring(0, method.Id.IndexOf('('));
        writer.Line("// The declaration is invalid: this part only lets the program compile, and says why.");
        Code.GeneratedCode(writer);
        OpenPart(writer, method.Signature);
        writer.Line("throw new global::System.NotSupportedException(");
        writer.Indent();
        writer.Line($"{Code.Literal($"{name} cannot run isolated. {call.Reason}")});");
        writer.Unindent();
        writer.Close();
    }
}

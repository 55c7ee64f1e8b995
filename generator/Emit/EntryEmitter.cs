using NsGen.Generator.Model;

namespace NsGen.Generator.Emit;

/// <summary>Writes the module initializer by which a child finds the bodies of its assembly.</summary>
internal static class EntryEmitter
{
    public static string Emit(EntryModel entry)
    {
        var writer = new SourceWriter();
        Code.Header(writer);

        // Not a file class, which is C# 11: nothing but this class needs more than partial methods with a result do, C# 9. No code names
        // it, so friend assemblies that each have one do not collide (CS0436).
        writer.Open("namespace NsGen.Generated");
        Code.GeneratedCode(writer);
        Code.Hidden(writer);
        writer.Open("internal static class Entry");
        writer.Line("// Runs when the assembly is loaded: in a child it makes the bodies known by the ids of their methods.");
        writer.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
        writer.Line("internal static void Register()");
        writer.Indent();
        writer.Line($"=> {Code.Services}.ChildEntry.Register({Code.Literal(entry.Assembly)}, Find);");
        writer.Unindent();
        writer.Line();
        Suppress(writer, entry);
        writer.Open($"private static global::System.Action<{Code.Services}.ChildCall>? Find(string id) => id switch");
        foreach (EntryBody body in entry.Bodies)
        {
            writer.Line($"{Code.Literal(body.Id)} => {body.Target},");
        }

        writer.Line("_ => null,");
        writer.Close("};");
        writer.Close();
        writer.Close();
        return writer.ToString();
    }

    private static void Suppress(SourceWriter writer, EntryModel entry)
    {
        void Line(string category, string rule, string attribute) => writer.Line(
            $"[global::System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage(\"{category}\", \"{rule}\", "
            + $"Justification = \"A body runs only for a launcher, which has {attribute} itself.\")]");

        if (entry.Bodies.Any(static body => body.UnreferencedCode))
        {
            Line("Trimming", "IL2026", "RequiresUnreferencedCode");
        }

        if (entry.Bodies.Any(static body => body.DynamicCode))
        {
            Line("AOT", "IL3050", "RequiresDynamicCode");
        }
    }
}

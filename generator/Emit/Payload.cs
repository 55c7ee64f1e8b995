using NsGen.Generator.Model;

namespace NsGen.Generator.Emit;

/// <summary>Writes the calls that carry one value.</summary>
internal static class Payload
{
    public static string Write(string writer, ValueModel value, string expression, string? jsonContext) => value.Marshalling switch
    {
        Marshalling.Json when jsonContext is not null => $"{writer}.WriteJson({expression}, {jsonContext}.Default)",
        Marshalling.WritableMemory => $"{writer}.WriteMemory({expression})",
        _ => $"{writer}.Write{value.Marshalling}({expression})",
    };

    public static string Read(string reader, ValueModel value, string? jsonContext) => value.Marshalling switch
    {
        Marshalling.Json => $"{reader}.ReadJson<{value.Type}>({(jsonContext is null ? "" : jsonContext + ".Default")})",
        Marshalling.WritableMemory => $"{reader}.ReadMemory().ToArray()", // what is read is the reader's own buffer
        _ => $"{reader}.Read{value.Marshalling}{(value.Type.Length > 0 ? $"<{value.Type}>" : "")}()",
    } + (value.IsNotNull ? "!" : "");
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace NsGen.CompilerServices;

/// <summary>How values that are not primitive are turned into JSON.</summary>
internal static class PayloadJson
{
    public const string ReflectionMessage =
        "This parameter or result is serialised by reflection. Name a JsonSerializerContext in [Isolated(…, JsonContext = typeof(X))].";

    private static JsonSerializerOptions? s_reflectionOptions;

    [RequiresUnreferencedCode(ReflectionMessage)]
    [RequiresDynamicCode(ReflectionMessage)]
    public static JsonSerializerOptions ReflectionOptions() => s_reflectionOptions ??= new()
    {
        IncludeFields = true, // value tuples have nothing but fields
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // NaN, Infinity
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static JsonTypeInfo<T> TypeInfo<T>(JsonSerializerContext context)
        => (JsonTypeInfo<T>?)context.GetTypeInfo(typeof(T))
            ?? throw new NotSupportedException(
                $"{context.GetType()} has no metadata for {typeof(T)}: add [JsonSerializable(typeof(…))] for it to the context.");
}

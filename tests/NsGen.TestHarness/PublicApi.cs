using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace NsGen.Tests;

/// <summary>The public API of an assembly, as text.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Compares it with what was accepted.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="folder">Where in the repository PublicApi.verified.txt lies; it lies beside the tests, too.</param>
    public static void Check(Assembly assembly, string folder)
    {
        string verified = Path.Combine(AppContext.BaseDirectory, "PublicApi.verified.txt");
        string expected = File.Exists(verified) ? File.ReadAllText(verified) : "";
        string actual = Print(assembly);
        if (actual == expected)
        {
            return;
        }

        // Not beside the assembly, where another user may not write; the message says all there is.
        string received = Path.Combine(Path.GetTempPath(), "PublicApi.received.txt");
        File.WriteAllText(received, actual);
        string[] before = expected.Split('\n');
        string[] after = actual.Split('\n');
        Assert.Fail(
            $"The public API of {assembly.GetName().Name} has changed:\n"
            + string.Concat(before.Except(after).Select(static line => $"  - {line}\n"))
            + string.Concat(after.Except(before).Select(static line => $"  + {line}\n"))
            + $"To accept it: cp {received} {folder}/PublicApi.verified.txt");
    }

    public static string Print(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(static type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type));
            string[] bases = [.. Bases(type).Order(StringComparer.Ordinal)];
            text.Append(bases.Length > 0 ? $" : {string.Join(", ", bases)}\n" : "\n");
            foreach (string member in type.GetMembers(Declared).Select(Member).OfType<string>().Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            yield return Name(parent);
        }

        if (!type.IsEnum)
        {
            foreach (Type implemented in type.GetInterfaces())
            {
                yield return Name(implemented);
            }
        }
    }

    private static string? Member(MemberInfo member)
    {
        if (member.IsDefined(typeof(CompilerGeneratedAttribute)))
        {
            return null;
        }

        return member switch
        {
            FieldInfo { IsSpecialName: false } field when Visible(field.IsPublic, field.IsFamily || field.IsFamilyOrAssembly)
                => field.IsLiteral ? $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}" : $"{Static(field.IsStatic)}{Name(field.FieldType)} {field.Name}",
            PropertyInfo property when Accessor(property.GetMethod) || Accessor(property.SetMethod)
                => $"{Static((property.GetMethod ?? property.SetMethod)!.IsStatic)}{Name(property.PropertyType)} {property.Name}{Parameters(property.GetIndexParameters(), '[', ']')} {{ "
                    + $"{(Accessor(property.GetMethod) ? "get; " : "")}{(Accessor(property.SetMethod) ? IsInit(property) ? "init; " : "set; " : "")}}}",
            MethodInfo { IsSpecialName: false } method when Visible(method.IsPublic, method.IsFamily || method.IsFamilyOrAssembly)
                => $"{(method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "")}{Static(method.IsStatic)}{Name(method.ReturnType)} {method.Name}{Generic(method)}{Parameters(method.GetParameters(), '(', ')')}",
            MethodInfo { IsSpecialName: true } method when method.IsPublic && method.Name.StartsWith("op_", StringComparison.Ordinal)
                => $"static {Name(method.ReturnType)} {method.Name}{Parameters(method.GetParameters(), '(', ')')}",
            ConstructorInfo { IsStatic: false } constructor when Visible(constructor.IsPublic, constructor.IsFamily || constructor.IsFamilyOrAssembly)
                => $"new{Parameters(constructor.GetParameters(), '(', ')')}",
            EventInfo @event when Accessor(@event.AddMethod) => $"event {Name(@event.EventHandlerType!)} {@event.Name}",
            _ => null,
        };
    }

    private static bool Visible(bool isPublic, bool isProtected) => isPublic || isProtected;

    private static bool Accessor(MethodInfo? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsInit(PropertyInfo property)
        => property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Generic(MethodInfo method)
        => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(static argument => argument.Name))}>" : "";

    private static string Parameters(ParameterInfo[] parameters, char open, char close)
        => parameters.Length == 0 && open == '['
            ? ""
            : $"{open}{string.Join(", ", parameters.Select(static parameter => $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{Name(parameter.ParameterType)} {parameter.Name}{Default(parameter)}"))}{close}";

    private static string Default(ParameterInfo parameter)
        => parameter.HasDefaultValue ? $" = {(parameter.RawDefaultValue is string text ? $"\"{text}\"" : parameter.RawDefaultValue ?? "default")}" : "";

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return $"ref {Name(type.GetElementType()!)}";
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[]";
        }

        if (type.IsPointer)
        {
            return $"{Name(type.GetElementType()!)}*";
        }

        string name = type.IsGenericParameter ? type.Name : type.FullName is { } full && !type.IsGenericType ? full : $"{type.Namespace}.{type.Name}";
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}

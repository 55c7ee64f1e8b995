using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.RawCalls;

/// <summary>What is certain of a path: how it begins and how it ends. <c>$"/proc/{pid}/ns/net"</c> begins with /proc/ and ends with /ns/net.</summary>
internal readonly record struct PathText(string Head, string Tail, bool IsWhole)
{
    // Locals that are defined by each other, and hostile nesting.
    private const int MaxDepth = 32;

    /// <summary>Nothing is known.</summary>
    public static PathText Unknown { get; } = new("", "", false);

    public bool StartsWith(string head) => Head.StartsWith(head, StringComparison.Ordinal);

    public bool EndsWith(string tail) => Tail.EndsWith(tail, StringComparison.Ordinal);

    /// <summary>For messages: what is not known reads as an ellipsis.</summary>
    public override string ToString() => IsWhole ? Head : Head + "…" + Tail;

    public static PathText operator +(PathText a, PathText b) => new(
        a.IsWhole ? a.Head + b.Head : a.Head,
        b.IsWhole ? a.Tail + b.Tail : b.Tail,
        a.IsWhole && b.IsWhole);

    /// <summary>
    /// Reads a string, a UTF-8 literal, bytes or a pointer made of one: through locals, constants, concatenation, interpolation, fixed,
    /// Path.Combine, Encoding.GetBytes and Marshal.StringTo….
    /// </summary>
    public static PathText Read(IOperation? value, RawCallReader reader) => value is null ? Unknown : Read(value, reader, 0);

    private static PathText Whole(string text)
    {
        // The terminating zero that C wants.
        text = text.TrimEnd('\0');
        return new(text, text, true);
    }

    private static PathText Read(IOperation value, RawCallReader reader, int depth)
    {
        if (depth > MaxDepth)
        {
            return Unknown;
        }

        depth++;
        value = value.WithoutConversions();
        if (value.ConstantValue is { HasValue: true, Value: string constant })
        {
            return Whole(constant);
        }

        switch (value)
        {
            case IUtf8StringOperation utf8:
                return Whole(utf8.Value);

            case IInterpolatedStringOperation interpolated:
                PathText text = Whole("");
                foreach (IInterpolatedStringContentOperation part in interpolated.Parts)
                {
                    text += part switch
                    {
                        IInterpolatedStringTextOperation literal => Read(literal.Text, reader, depth),
                        IInterpolationOperation { Alignment: null, FormatString: null } hole => Read(hole.Expression, reader, depth),
                        _ => Unknown,
                    };
                }

                return text;

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum:
                return Read(sum.LeftOperand, reader, depth) + Read(sum.RightOperand, reader, depth);

            case ILocalReferenceOperation local:
                return LocalValues.TryRead(local)?.Single is { } only ? Read(only, reader, depth) : Unknown;

            case IFieldReferenceOperation { Field: { IsStatic: true } field }:
                return ValueReader.Initializer(reader, field) is { } initializer ? Read(initializer, reader, depth) : Unknown;

            case IPropertyReferenceOperation { Property: { IsStatic: true } property }:
                return ValueReader.Body(reader, property) is { } body ? Read(body, reader, depth) : Unknown;

            // &bytes[0]
            case IAddressOfOperation address:
                return Read(address.Reference, reader, depth);
            case IArrayElementReferenceOperation { Indices.Length: 1 } element when element.Indices[0].ConstantValue is { HasValue: true, Value: 0 }:
                return Read(element.ArrayReference, reader, depth);

            case IInvocationOperation invocation:
                return Read(invocation, reader, depth);

            // fixed (byte* p = …): the initializer of a pinned local is wrapped in an operation without a public type.
            case { Kind: OperationKind.None, ChildOperations.Count: 1 }:
                return Read(value.ChildOperations.First(), reader, depth);

            default:
                return Unknown;
        }
    }

    private static PathText Read(IInvocationOperation invocation, RawCallReader reader, int depth)
    {
        IMethodSymbol method = invocation.TargetMethod;
        string type = method.ContainingType?.ToDisplayString() ?? "";
        switch (method.Name)
        {
            case "Combine" or "Join" when type == "System.IO.Path":
                return ReadAll(invocation, reader, depth) is { Count: > 0 } parts ? Combine(parts) : Unknown;

            case "Concat" when type == "string":
                PathText text = Whole("");
                if (ReadAll(invocation, reader, depth) is not { } operands)
                {
                    return Unknown;
                }

                foreach (PathText operand in operands)
                {
                    text += operand;
                }

                return text;

            case "GetBytes" when type == "System.Text.Encoding" && invocation.Arguments.Length == 1:
            case "StringToHGlobalAnsi" or "StringToCoTaskMemAnsi" or "StringToCoTaskMemUTF8" when type == "System.Runtime.InteropServices.Marshal":
            case "AsSpan" or "AsMemory" when type == "System.MemoryExtensions" && invocation.Arguments.Length == 1:
                return invocation.Arguments.Length == 1 ? Read(invocation.Arguments[0].Value, reader, depth) : Unknown;

            case "ToArray" or "ToString" or "GetPinnableReference" when invocation.Instance is { } instance && invocation.Arguments.Length == 0:
                return Read(instance, reader, depth);

            default:
                return Unknown;
        }
    }

    private static List<PathText>? ReadAll(IInvocationOperation invocation, RawCallReader reader, int depth)
    {
        List<PathText> parts = [];
        foreach (IArgumentOperation argument in invocation.Arguments)
        {
            if (argument.ArgumentKind != ArgumentKind.ParamArray)
            {
                parts.Add(Read(argument.Value, reader, depth));
            }
            else if (argument.Value is IArrayCreationOperation { Initializer: { } elements })
            {
                parts.AddRange(elements.ElementValues.Select(e => Read(e, reader, depth)));
            }
            else
            {
                return null;
            }
        }

        return parts;
    }

    private static PathText Combine(List<PathText> parts)
    {
        PathText path = parts[0];
        for (int i = 1; i < parts.Count; i++)
        {
            // An absolute part starts anew; one of which nothing is known is taken to be a name.
            path = parts[i].StartsWith("/") ? parts[i] : path.EndsWith("/") ? path + parts[i] : path + Whole("/") + parts[i];
        }

        return path;
    }
}

using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace NsGen.Analyzers.Declaration;

/// <summary>What the runtime's LaunchPlan refuses of the values in the attribute, whatever the call.</summary>
internal static class OptionValues
{
    /// <summary>HOST_NAME_MAX of the kernel.</summary>
    private const int MaxNameBytes = 64;

    private const int MinStackSize = 16 * 1024;
    private const int MaxStackSize = 1 << 30;
    private const int MaxWarm = 64;

    /// <summary>MountPropagation.Shared and Unchanged.</summary>
    private const int FirstPropagationThatReachesOut = 2;

    private static readonly string[] s_texts = ["HostName", "DomainName", "Exec", "RootDirectory", "WorkingDirectory"];

    private static readonly string[] s_processOnly =
        ["TimeoutMilliseconds", "WorkingDirectory", "NoNewPrivileges", "UserIfNeeded", "RootDirectory", "ReadOnlyRoot", "StackSize", "Init"];

    /// <summary>Each option with a sentence that says what is wrong with it and what to do.</summary>
    public static IEnumerable<(string Option, string Reason)> Find(IsolatedDeclaration declaration)
        => Texts(declaration).Concat(Numbers(declaration)).Concat(Enums(declaration)).Concat(Combinations(declaration));

    private static IEnumerable<(string Option, string Reason)> Texts(IsolatedDeclaration declaration)
    {
        foreach (string option in s_texts)
        {
            if (!declaration.TryGet(option, out object? value) || value is not string text)
            {
                continue;
            }

            if (text.Contains('\0'))
            {
                yield return (option, $"Its {option} holds a zero character, which would cut the text short in the kernel: remove it.");
            }
            else if (option is "HostName" or "DomainName" && Encoding.UTF8.GetByteCount(text) is var bytes and (0 or > MaxNameBytes))
            {
                yield return (option, $"Its {option} has {Number(bytes)} bytes, and the kernel takes 1 to {Number(MaxNameBytes)}: give another name.");
            }
            else if (option == "RootDirectory" && text.Length == 0)
            {
                yield return (option, "Its RootDirectory is empty: name a directory, or leave it out.");
            }
        }
    }

    private static IEnumerable<(string Option, string Reason)> Numbers(IsolatedDeclaration declaration)
    {
        if (declaration.TryGet("StackSize", out object? stack) && stack is int size and not 0 and (< MinStackSize or > MaxStackSize))
        {
            yield return ("StackSize", $"Its StackSize is {Number(size)}: give at least {Number(MinStackSize)} bytes and at most 1 GiB, or 0 for the default.");
        }

        // -1 is Timeout.Infinite.
        if (declaration.TryGet("TimeoutMilliseconds", out object? timeout) && timeout is int milliseconds and < -1)
        {
            yield return ("TimeoutMilliseconds", $"Its TimeoutMilliseconds is {Number(milliseconds)}: give a positive number, or 0 for none.");
        }

        if (declaration.TryGet("Warm", out object? warm) && warm is int children and (< 0 or > MaxWarm))
        {
            yield return ("Warm", $"Its Warm is {Number(children)}: keep from 0 to {Number(MaxWarm)} children ready.");
        }
    }

    private static IEnumerable<(string Option, string Reason)> Enums(IsolatedDeclaration declaration)
    {
        foreach (string option in new[] { "Mode", "Propagation" })
        {
            if (declaration.TryGet(option, out object? value) && value is int number && declaration.EnumOf(option) is { } type
                && !type.GetMembers().OfType<IFieldSymbol>().Any(field => field.ConstantValue is int known && known == number))
            {
                yield return (option, $"Its {option} is {Number(number)}, which {type.Name} does not name: use a member of it.");
            }
        }
    }

    /// <summary>Values that are right alone. What an IsolationOptions parameter could change is not judged.</summary>
    private static IEnumerable<(string Option, string Reason)> Combinations(IsolatedDeclaration declaration)
    {
        if (declaration.Attribute.IsThread && declaration.Attribute.Exec is null)
        {
            foreach (string option in s_processOnly.Where(option => IsSet(declaration, option)))
            {
                yield return (option, $"Its {option} is for a child process and means nothing on a thread: leave it out, or remove Mode.");
            }
        }

        if (declaration.HasOptions)
        {
            yield break;
        }

        int joined = declaration.Joined;
        if ((joined & declaration.Created) is var both and not 0)
        {
            yield return ("Join", $"It both creates and joins {declaration.FlagNames(both)}: choose one.");
        }
        else if (joined != 0 && !declaration.HasTarget)
        {
            yield return ("Join", $"It joins {declaration.FlagNames(joined)}, but whose? Add a parameter of type NamespaceTarget.");
        }

        if (IsSet(declaration, "Init") && declaration.Attribute is { Exec: null, IsThread: false })
        {
            yield return ("Init", "Its Init is for programs (Exec): a managed body that is PID 1 reaps orphans by itself. Leave it out.");
        }

        if ((IsSet(declaration, "RootDirectory") || IsSet(declaration, "ReadOnlyRoot"))
            && declaration.TryGet("Propagation", out object? value) && value is FirstPropagationThatReachesOut or FirstPropagationThatReachesOut + 1)
        {
            yield return ("Propagation", "A new or read-only root does not go with Propagation Shared or Unchanged, which pivot_root(2) refuses: use Private or Slave.");
        }
    }

    private static bool IsSet(IsolatedDeclaration declaration, string option)
        => declaration.TryGet(option, out object? value) && value is not (null or false or 0 or < 0);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.RawCalls;

/// <summary>
/// Recognises raw calls in one compilation: members of Tmds.Linux.LibC by name, P/Invokes of libc by entry point, methods named by the
/// user, and methods that only forward to one of these.
/// </summary>
internal sealed class RawCallReader
{
    private const string TmdsLibC = "Tmds.Linux.LibC";

    // All rules of a compilation share one reader (or the answer that there is nothing to read). It holds the compilation, which a
    // ConditionalWeakTable allows: key and value go together.
    private static readonly ConditionalWeakTable<Compilation, Entry> s_readers = new();

    private readonly ConcurrentDictionary<IMethodSymbol, RawCallee?> _callees = new(SymbolEqualityComparer.Default);
    private readonly INamedTypeSymbol? _tmdsLibC;
    private readonly HashSet<string> _importNames;
    private readonly Dictionary<string, RawFunction> _namedWrappers;

    private RawCallReader(
        Compilation compilation,
        INamedTypeSymbol? tmdsLibC,
        HashSet<string> importNames,
        Dictionary<string, RawFunction> namedWrappers)
    {
        Compilation = compilation;
        _tmdsLibC = tmdsLibC;
        _importNames = importNames;
        _namedWrappers = namedWrappers;
    }

    public Compilation Compilation { get; }

    /// <summary>The type Tmds.Linux.LibC, if the compilation can name it.</summary>
    public INamedTypeSymbol? TmdsLibCType => _tmdsLibC;

    /// <summary>Null if the compilation can make no raw call: then no rule registers anything.</summary>
    public static RawCallReader? TryGet(Compilation compilation, AnalyzerOptions options, CancellationToken cancellationToken)
    {
        if (!s_readers.TryGetValue(compilation, out Entry? entry))
        {
            entry = s_readers.GetValue(compilation, c => new(options.AnalyzerConfigOptionsProvider, TryCreate(c, options, cancellationToken)));
        }

        // The same compilation under another .editorconfig: an IDE may do that, and tests do.
        return entry.Options == options.AnalyzerConfigOptionsProvider ? entry.Reader : TryCreate(compilation, options, cancellationToken);
    }

    /// <summary>The names under which .NET finds glibc; "c" is probed as libc.so, which a development package may provide.</summary>
    public static bool IsLibC(string library) => library is "libc" or "libc.so.6" or "c";

    /// <summary>Reads an invocation; false if it is none of a known libc function.</summary>
    public bool TryRead(IInvocationOperation invocation, out RawCall call)
    {
        RawCallee? callee = GetCallee(invocation.TargetMethod, direct: false);
        call = callee is null ? default : new(invocation, callee);
        return callee is not null;
    }

    public bool IsTmdsMember(ISymbol? member) =>
        _tmdsLibC is not null && SymbolEqualityComparer.Default.Equals(member?.ContainingType, _tmdsLibC);

    /// <summary>The P/Invoke behind <paramref name="method"/>; wrappers are left out.</summary>
    internal RawCallee? GetDirectCallee(IMethodSymbol method) => GetCallee(method, direct: true);

    /// <summary>Whether a call by this name may be a raw call: a cheap question before a body is bound.</summary>
    internal bool MayBeRawCallName(string name) => _importNames.Contains(name) || (_tmdsLibC is not null && RawFunction.IsKnown(name));

    private static RawCallReader? TryCreate(Compilation compilation, AnalyzerOptions options, CancellationToken cancellationToken)
    {
        HashSet<string> importNames = new(StringComparer.Ordinal);
        Dictionary<string, RawFunction> wrappers = new(StringComparer.Ordinal);
        INamedTypeSymbol? tmds = compilation.GetTypeByMetadataName(TmdsLibC);
        bool imports = ImportScan.Find(compilation, importNames, cancellationToken);
        RawCallOptions.ReadWrappers(options, compilation, wrappers);
        return tmds is null && !imports && wrappers.Count == 0
            ? null
            : new(compilation, tmds, importNames, wrappers);
    }

    private RawCallee? GetCallee(IMethodSymbol method, bool direct)
    {
        method = method.OriginalDefinition;
        if (!_callees.TryGetValue(method, out RawCallee? callee))
        {
            callee = ReadImport(method) ?? ReadNamedWrapper(method);
            if (callee is null && direct)
            {
                // Not cached: asked again without "direct", it may turn out to be a wrapper.
                return null;
            }

            callee ??= WrapperReader.TryRead(this, method);
            callee = _callees.GetOrAdd(method, callee);
        }

        return direct && callee is { IsDirect: false } ? null : callee;
    }

    private RawCallee? ReadImport(IMethodSymbol method)
    {
        if (!method.IsStatic)
        {
            return null;
        }

        if (IsTmdsMember(method))
        {
            return RawFunction.TryGet(method.Name, out RawFunction tmds) ? Direct(tmds, method, setsLastError: true) : null;
        }

        string? library;
        string? entryPoint;
        bool setsLastError;
        if (method.GetDllImportData() is { } data)
        {
            library = data.ModuleName;
            entryPoint = data.EntryPointName;
            setsLastError = data.SetLastError;
        }
        else if (!TryReadLibraryImport(method, out library, out entryPoint, out setsLastError))
        {
            return null;
        }

        return library is not null && IsLibC(library) && RawFunction.TryGet(entryPoint ?? method.Name, out RawFunction function)
            ? Direct(function, method, setsLastError)
            : null;
    }

    // The source generator behind LibraryImport turns the partial method into a wrapper; the attribute is what tells.
    private static bool TryReadLibraryImport(IMethodSymbol method, out string? library, out string? entryPoint, out bool setsLastError)
    {
        library = null;
        entryPoint = null;
        setsLastError = false;
        if (!method.IsPartialDefinition && method.PartialDefinitionPart is null)
        {
            return false;
        }

        foreach (AttributeData attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is { Name: "LibraryImportAttribute" } type
                && type.ContainingNamespace.ToDisplayString() == "System.Runtime.InteropServices"
                && attribute.ConstructorArguments.Length == 1)
            {
                library = attribute.ConstructorArguments[0].Value as string;
                foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
                {
                    switch (argument.Key)
                    {
                        case "EntryPoint":
                            entryPoint = argument.Value.Value as string;
                            break;
                        case "SetLastError":
                            setsLastError = argument.Value.Value is true;
                            break;
                    }
                }

                return true;
            }
        }

        return false;
    }

    private RawCallee? ReadNamedWrapper(IMethodSymbol method)
    {
        if (_namedWrappers.Count == 0
            || method.ContainingType is null
            || !_namedWrappers.TryGetValue(method.ContainingType.ToDisplayString() + "." + method.Name, out RawFunction? function))
        {
            return null;
        }

        RawCallee byPosition = Direct(function, method, setsLastError: false);
        int[] byName = [.. function.Parameters.Select(role => IndexOf(method, role))];
        return Array.TrueForAll(byName, static ordinal => ordinal < 0)
            ? byPosition
            : new(
                function,
                isDirect: true,
                setsLastError: false,
                byPosition.ResultIsHandledInside,
                byName.Select(static ordinal => ordinal < 0 ? ForwardedArgument.Value(null) : ForwardedArgument.Parameter(ordinal)).ToImmutableArray());
    }

    // A wrapper the user names may order its parameters as it likes; if their names tell, they decide.
    private static int IndexOf(IMethodSymbol method, RawParameter role)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            string name = parameter.Name.Replace("_", "");
            bool matches = role switch
            {
                RawParameter.Function => name.Equals("fn", StringComparison.OrdinalIgnoreCase),
                RawParameter.Stack => name.Equals("childStack", StringComparison.OrdinalIgnoreCase),
                _ => false,
            };
            if (matches || name.Equals(role.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return parameter.Ordinal;
            }
        }

        return -1;
    }

    private static RawCallee Direct(RawFunction function, IMethodSymbol method, bool setsLastError)
    {
        ImmutableArray<ForwardedArgument>.Builder arguments = ImmutableArray.CreateBuilder<ForwardedArgument>(method.Parameters.Length);
        for (int i = 0; i < method.Parameters.Length; i++)
        {
            arguments.Add(ForwardedArgument.Parameter(i));
        }

        return new(function, isDirect: true, setsLastError, resultIsHandledInside: method.ReturnsVoid, arguments.MoveToImmutable());
    }

    private sealed class Entry(AnalyzerConfigOptionsProvider options, RawCallReader? reader)
    {
        public AnalyzerConfigOptionsProvider Options { get; } = options;

        public RawCallReader? Reader { get; } = reader;
    }
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.RawCalls;

/// <summary>A call of a libc function, made directly or through a method that only forwards to it.</summary>
internal readonly struct RawCall
{
    private readonly RawCallee _callee;

    public RawCall(IInvocationOperation invocation, RawCallee callee)
    {
        Invocation = invocation;
        _callee = callee;
    }

    public RawFunction Function => _callee.Function;

    /// <summary>The call as written; for a wrapper, the call of the wrapper.</summary>
    public IInvocationOperation Invocation { get; }

    /// <summary>The method called is the P/Invoke itself, not a wrapper around it.</summary>
    public bool IsDirect => _callee.IsDirect;

    /// <summary>Whether the method called keeps errno for Marshal.GetLastPInvokeError.</summary>
    public bool SetsLastError => _callee.SetsLastError;

    /// <summary>The wrapper itself looks at the result, or the call site has nothing to look at.</summary>
    public bool ResultIsHandledInside => _callee.ResultIsHandledInside;

    /// <summary>
    /// The value passed as <paramref name="parameter"/>: what the call site passes or, where a wrapper passes a value of its own, that
    /// value. Null if the prototype or the call has no such argument, or the wrapper computes it.
    /// </summary>
    public IOperation? this[RawParameter parameter] => GetArgument(parameter, out _);

    /// <summary>As the indexer, but only what is written at this call site: that is where a diagnostic can point and a fix can edit.</summary>
    public IOperation? AtCallSite(RawParameter parameter)
    {
        IOperation? value = GetArgument(parameter, out bool atCallSite);
        return atCallSite ? value : null;
    }

    private IOperation? GetArgument(RawParameter parameter, out bool atCallSite)
    {
        atCallSite = false;
        int position = Function.IndexOf(parameter);
        if (position < 0 || position >= _callee.Arguments.Length)
        {
            return null;
        }

        ForwardedArgument forwarded = _callee.Arguments[position];
        if (forwarded.Ordinal < 0)
        {
            return forwarded.Constant;
        }

        foreach (IArgumentOperation argument in Invocation.Arguments)
        {
            if (argument.Parameter?.Ordinal == forwarded.Ordinal)
            {
                atCallSite = argument.ArgumentKind == ArgumentKind.Explicit;
                return argument.Value;
            }
        }

        return null;
    }
}

/// <summary>A method whose calls are raw calls, and how its parameters reach the libc function.</summary>
internal sealed class RawCallee(
    RawFunction function,
    bool isDirect,
    bool setsLastError,
    bool resultIsHandledInside,
    ImmutableArray<ForwardedArgument> arguments)
{
    public RawFunction Function { get; } = function;

    public bool IsDirect { get; } = isDirect;

    public bool SetsLastError { get; } = setsLastError;

    public bool ResultIsHandledInside { get; } = resultIsHandledInside;

    /// <summary>By position in libc's prototype.</summary>
    public ImmutableArray<ForwardedArgument> Arguments { get; } = arguments;
}

/// <summary>One argument of the libc function: the callee's parameter <see cref="Ordinal"/>, or a value that the callee passes itself.</summary>
internal readonly struct ForwardedArgument
{
    private ForwardedArgument(int ordinal, IOperation? constant)
    {
        Ordinal = ordinal;
        Constant = constant;
    }

    /// <summary>-1 if it is not one of the callee's parameters.</summary>
    public int Ordinal { get; }

    public IOperation? Constant { get; }

    public static ForwardedArgument Parameter(int ordinal) => new(ordinal, null);

    /// <summary>Null where the wrapper computes it.</summary>
    public static ForwardedArgument Value(IOperation? value) => new(-1, value);
}

// What the language needs and netstandard2.0 lacks.
#pragma warning disable IDE0130 // the compiler looks for them in these namespaces

namespace System.Runtime.CompilerServices
{
    /// <summary>For records.</summary>
    internal static class IsExternalInit;
}

namespace System
{
    /// <summary>For list patterns.</summary>
    internal readonly struct Index(int value, bool fromEnd = false)
    {
        public int GetOffset(int length) => fromEnd ? length - value : value;
    }
}

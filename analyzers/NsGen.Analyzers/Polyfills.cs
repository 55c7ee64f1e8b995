// netstandard2.0 lacks what the compiler asks for when it meets init accessors and records.
namespace System.Runtime.CompilerServices;

internal static class IsExternalInit;

namespace NsGen;

/// <summary>placeholder</summary>
/// <typeparam name="T">x</typeparam>
public sealed class IsolatedProcess<T> : IsolatedProcess
{
}

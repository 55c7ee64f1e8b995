namespace NsGen;

/// <summary>placeholder</summary>
public class IsolatedProcess
{
}

namespace NsGen.Generator.Model;

/// <summary>What the module initializer registers.</summary>
/// <param name="Assembly">Simple name of the assembly.</param>
/// <param name="Bodies">One for each method with a body, ordered by id.</param>
internal sealed record EntryModel(string Assembly, EquatableArray<EntryBody> Bodies);

/// <param name="Id">The method's id.</param>
/// <param name="Target">The method that runs the child's side.</param>
/// <param name="UnreferencedCode">Whether it has RequiresUnreferencedCode.</param>
/// <param name="DynamicCode">Whether it has RequiresDynamicCode.</param>
internal sealed record EntryBody(string Id, string Target, bool UnreferencedCode, bool DynamicCode);

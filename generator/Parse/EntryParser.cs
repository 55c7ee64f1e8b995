using System.Collections.Immutable;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Finds what the module initializer has to register.</summary>
internal static class EntryParser
{
    /// <summary>One model, or none where no method has a body: then there is nothing to find in a child.</summary>
    public static IEnumerable<EntryModel> Parse(ImmutableArray<MethodModel> methods)
    {
        EquatableArray<EntryBody> bodies = methods
            .Where(static method => method.Call is BodyCall)
            .OrderBy(static method => method.Id, StringComparer.Ordinal)
            .GroupBy(static method => method.Id, StringComparer.Ordinal)
            .Select(static same => Body(same.First(), (BodyCall)same.First().Call))
            .ToEquatableArray();
        if (bodies.Count > 0)
        {
            yield return new EntryModel(methods[0].Assembly, bodies);
        }
    }

    private static EntryBody Body(MethodModel method, BodyCall call) => new(
        method.Id,
        method.Container.Entry!,
        call.Requires.UnreferencedCode is not null,
        call.Requires.DynamicCode is not null);
}

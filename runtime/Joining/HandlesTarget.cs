using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Joining;

/// <summary>Namespaces by descriptors of their files, at most one of each kind.</summary>
internal sealed class HandlesTarget : NamespaceTarget
{
    private readonly (NamespaceHandle Handle, string Name)[] _members;

    private HandlesTarget((NamespaceHandle Handle, string Name)[] members)
        : base(string.Join(", ", members.Select(static member => member.Name)))
    {
        _members = members;
        Kinds = members.Aggregate(Namespaces.None, static (kinds, member) => kinds | member.Handle.Type);
    }

    internal override Namespaces? Kinds { get; }

    internal override bool IsInOwnUser
    {
        get
        {
            using NamespaceHandle own = NamespaceHandle.Current(Namespaces.User);
            return Member(Namespaces.User)?.IsSameNamespace(own) == true;
        }
    }

    /// <param name="sources">What names the namespaces.</param>
    /// <param name="open">Makes a handle of a source, to be owned by the target, and the name for messages.</param>
    public static HandlesTarget Of<T>(T[] sources, Func<T, (NamespaceHandle Handle, string Name)> open)
    {
        if (sources.Length == 0)
        {
            throw new ArgumentException("Give at least one namespace to join.", nameof(sources));
        }

        var members = new List<(NamespaceHandle Handle, string Name)>(sources.Length);
        try
        {
            foreach (T source in sources)
            {
                members.Add(open(source));
                (NamespaceHandle added, string name) = members[^1];
                if (members.Find(member => member.Handle.Type == added.Type) is var (first, firstName) && first != added)
                {
                    throw new ArgumentException(
                        $"{firstName} and {name} are both {NamespaceNames.TryGetLink(added.Type)} namespaces, and a process is in one of a kind: choose one.",
                        nameof(sources));
                }
            }

            return new HandlesTarget([.. members]);
        }
        catch
        {
            members.ForEach(static member => member.Handle.Dispose());
            throw;
        }
    }

    /// <summary>
    /// One call for each, in an order in which the right to enter is neither missing yet nor lost already. Joining a user namespace gives
    /// every capability in it and in those below, and takes all that one had elsewhere (user_namespaces(7)). So what belongs to it or to
    /// one below comes after it, and all else before.
    /// </summary>
    internal override void AddSteps(ChildScript script, Namespaces join)
    {
        NamespaceHandle? user = join.HasFlag(Namespaces.User) ? Member(Namespaces.User) : null;
        foreach ((NamespaceHandle handle, string name) in _members.Where(member => join.HasFlag(member.Handle.Type)).OrderBy(Rank))
        {
            script.AddJoin(name, handle, handle.Type);
        }

        int Rank((NamespaceHandle Handle, string Name) member)
            => user is null || member.Handle == user ? 1 : IsOwnedWithin(user, member.Handle) ? 2 : 0;
    }

    public override void Dispose()
    {
        foreach ((NamespaceHandle handle, _) in _members)
        {
            handle.Dispose();
        }
    }

    private static bool IsOwnedWithin(NamespaceHandle user, NamespaceHandle one)
    {
        NamespaceHandle? owner = one.GetOwningUser();
        while (owner is not null)
        {
            using NamespaceHandle current = owner;
            if (current.IsSameNamespace(user))
            {
                return true;
            }

            owner = current.GetParent();
        }

        return false;
    }

    private NamespaceHandle? Member(Namespaces kind) => Array.Find(_members, member => member.Handle.Type == kind).Handle;
}

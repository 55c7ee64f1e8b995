using System.Globalization;

namespace NsGen.Samples.Nsrun;

/// <summary>What the options about ids come to.</summary>
/// <param name="Any">Whether they ask for a user namespace.</param>
/// <param name="Users">The user id map; null without a user namespace, empty where nobody is mapped.</param>
/// <param name="Groups">The group id map.</param>
/// <param name="AllowSetGroups">Whether setgroups(2) stays allowed.</param>
internal sealed record IdMaps(bool Any, IReadOnlyList<IdMapping>? Users, IReadOnlyList<IdMapping>? Groups, bool AllowSetGroups)
{
    /// <summary>Puts the maps together.</summary>
    /// <param name="user">Who the caller is inside; null where no option says.</param>
    /// <param name="group">Its group inside.</param>
    /// <param name="users">Ranges of users.</param>
    /// <param name="groups">Ranges of groups.</param>
    /// <param name="setGroups">"allow", "deny" or null.</param>
    /// <param name="isAsked">Whether a user namespace is asked for by itself.</param>
    /// <exception cref="UsageException">A range cannot be read, or the options contradict each other.</exception>
    public static IdMaps Create(
        uint? user, uint? group, IReadOnlyList<string> users, IReadOnlyList<string> groups, string? setGroups, bool isAsked)
    {
        bool any = isAsked || user is not null || group is not null || users.Count > 0 || groups.Count > 0;
        if (!any)
        {
            return new(Any: false, Users: null, Groups: null, AllowSetGroups: false);
        }

        // user_namespaces(7): who maps its own group only, and by itself, has to give up setgroups(2) first.
        bool writesItself = group is not null && groups.Count == 0;
        if (writesItself && setGroups == "allow")
        {
            throw new UsageException("--setgroups=allow goes with a range of groups (--map-groups), not with --map-group, -r or -c alone");
        }

        return new(
            Any: true,
            Merge(user, Native.GetEffectiveUserId(), users, "/etc/subuid"),
            Merge(group, Native.GetEffectiveGroupId(), groups, "/etc/subgid"),
            AllowSetGroups: setGroups is null ? !writesItself : setGroups == "allow");
    }

    /// <summary>
    /// The single id beside the ranges. Where a range has it too, inside or outside, it is taken out there and the rest moves up: with 0 for the caller,
    /// 0:100000:65536 becomes 1:100000:65535.
    /// </summary>
    private static IReadOnlyList<IdMapping> Merge(uint? single, uint own, IReadOnlyList<string> ranges, string subordinate)
    {
        var map = new List<IdMapping>();
        foreach (string text in ranges)
        {
            IdMapping range = text == "auto" ? Subordinate(subordinate) : Parse(text);
            if (single is { } inside)
            {
                map.AddRange(Zip(Without(range.Inside, range.Count, inside), Without(range.Outside, range.Count, own)));
            }
            else
            {
                map.Add(range);
            }
        }

        if (single is { } id)
        {
            map.Add(new(id, own));
        }

        return [.. map.OrderBy(static line => line.Inside)];
    }

    private static IEnumerable<(uint Start, uint Count)> Without(uint start, uint count, uint hole)
    {
        bool isInside = hole - (ulong)start < count && hole >= start;
        uint before = isInside ? hole - start : count;
        return ((uint Start, uint Count)[])[(start, before), (hole + 1, isInside ? count - before - 1 : 0)];
    }

    /// <summary>Line by line, as long as both have ids left.</summary>
    private static IEnumerable<IdMapping> Zip(IEnumerable<(uint Start, uint Count)> inside, IEnumerable<(uint Start, uint Count)> outside)
    {
        var left = new Queue<(uint Start, uint Count)>(inside);
        var right = new Queue<(uint Start, uint Count)>(outside);
        (uint Start, uint Count) i = left.Dequeue();
        (uint Start, uint Count) o = right.Dequeue();
        while (true)
        {
            uint count = Math.Min(i.Count, o.Count);
            if (count > 0)
            {
                yield return new(i.Start, o.Start, count);
            }

            i = (i.Start + count, i.Count - count);
            o = (o.Start + count, o.Count - count);
            if ((i.Count == 0 && !left.TryDequeue(out i)) || (o.Count == 0 && !right.TryDequeue(out o)))
            {
                yield break;
            }
        }
    }

    /// <summary>The caller's first range in /etc/subuid or /etc/subgid, from 0 on inside; see subuid(5).</summary>
    private static IdMapping Subordinate(string file)
    {
        string number = Native.GetEffectiveUserId().ToString(CultureInfo.InvariantCulture);
        string? name = Ids.Lines(Ids.Users).FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0];
        return Ids.Lines(file).FirstOrDefault(fields => fields.Length == 3 && (fields[0] == number || fields[0] == name)) is { } range
            ? Parse($"{range[1]},0,{range[2]}")
            : throw new UsageException($"{file} has no range for user {name ?? number}: add one with usermod(8), or give the range");
    }

    private static IdMapping Parse(string text)
    {
        bool isInnerFirst = text.Contains(':', StringComparison.Ordinal);
        uint[] numbers = [.. text.Split(isInnerFirst ? ':' : ',').Select(Number)];
        return numbers.Length != 3
            ? throw new UsageException($"'{text}' is no range: write outer,inner,count or inner:outer:count")
            : isInnerFirst ? new(numbers[0], numbers[1], numbers[2]) : new(numbers[1], numbers[0], numbers[2]);

        uint Number(string part) => uint.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw new UsageException($"'{part}' in '{text}' is no id");
    }
}

using System.Runtime.CompilerServices;

namespace NsGen.Tests;

public sealed partial class ProgressAndStreamTests
{
    [KernelFact(Requires.UserNamespaces)]
    public void Reports_arrive_in_order_and_before_the_result()
    {
        var said = new List<string>();

        int result = Count(new Now<string>(said.Add), 50, new Now<int>(number => said.Add(FormattableString.Invariant($"{number}"))));

        Assert.Equal(50, result);
        Assert.Equal(Enumerable.Range(0, 50).SelectMany(static i => new[] { $"step {i}", $"{i}" }), said);
    }

    [KernelFact(Requires.UserNamespaces)]
    public void A_report_that_cannot_be_handled_fails_the_call()
        => Assert.Throws<FormatException>(() => Count(new Now<string>(static _ => throw new FormatException()), 1, null));

    [KernelFact(Requires.UserNamespaces)]
    public async Task Items_arrive_one_by_one()
    {
        long sum = 0;
        await foreach (int item in Numbers(10_000, failAt: -1))
        {
            sum += item;
        }

        Assert.Equal(9_999L * 10_000 / 2, sum);
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task The_bodys_exception_comes_after_its_items()
    {
        var items = new List<int>();
        IsolatedMethodException e = await Assert.ThrowsAsync<IsolatedMethodException>(async () =>
        {
            await foreach (int item in Numbers(10, failAt: 3))
            {
                items.Add(item);
            }
        });

        Assert.Equal([0, 1, 2], items);
        Assert.Equal("at 3", e.RemoteMessage);
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task Leaving_early_ends_the_child()
    {
        int child = 0;
        await foreach (int item in Endless())
        {
            child = item;
            break;
        }

        await Proc.Until(() => Proc.State(child) is null, "the child has ended and been reaped");
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task A_consumer_that_is_behind_holds_the_child_up()
    {
        using var directory = new TemporaryDirectory();
        string made = Path.Combine(directory.Path, "made");
        await using IAsyncEnumerator<byte[]> items = Large(made).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        long before = -1;
        long now = 0;
        for (int patience = 0; patience < 100 && (now == 0 || now != before); patience++)
        {
            before = now;
            await Task.Delay(300);
            now = File.Exists(made) ? new FileInfo(made).Length : 0;
        }

        // What the queue and the socket hold, and no more.
        Assert.InRange(now, 1, 400);
        Assert.Equal(before, now);
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task Cancelling_asks_the_body()
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int item in Numbers(int.MaxValue, failAt: -1, cancel.Token))
            {
                if (item == 100)
                {
                    await cancel.CancelAsync();
                }
            }
        });
    }

    [Isolated(User)]
    private static partial int Count(IProgress<string> steps, int to, IProgress<int>? numbers);

    private static int CountCore(IProgress<string> steps, int to, IProgress<int>? numbers)
    {
        for (int i = 0; i < to; i++)
        {
            steps.Report($"step {i}");
            numbers!.Report(i);
        }

        return to;
    }

    [Isolated(User)]
    private static partial IAsyncEnumerable<int> Numbers(int to, int failAt, CancellationToken cancellationToken = default);

    private static async IAsyncEnumerable<int> NumbersCore(int to, int failAt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < to; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return i != failAt ? i : throw new InvalidOperationException($"at {i}");
        }

        await Task.CompletedTask;
    }

    [Isolated(User)]
    private static partial IAsyncEnumerable<int> Endless();

    private static async IAsyncEnumerable<int> EndlessCore()
    {
        while (true)
        {
            yield return Environment.ProcessId;
            await Task.Yield();
        }
    }

    [Isolated(User)]
    private static partial IAsyncEnumerable<byte[]> Large(string made);

    private static async IAsyncEnumerable<byte[]> LargeCore(string made)
    {
        while (true)
        {
            yield return new byte[10_000];
            await File.AppendAllTextAsync(made, ".");
        }
    }

    /// <summary>Reports at once, where Progress posts.</summary>
    private sealed class Now<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}

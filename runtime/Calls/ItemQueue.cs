using System.Threading.Channels;

namespace NsGen.Calls;

/// <summary>Items of a stream that have arrived and have not been taken.</summary>
internal sealed class ItemQueue
{
    // Enough that the child rarely waits, little enough that a slow consumer costs no memory.
    private const int High = 64;
    private const int Low = 16;

    private readonly Channel<byte[]> _items = Channel.CreateUnbounded<byte[]>(); // the one for a single reader cannot count
    private volatile bool _discards;

    public bool HasRoom => _items.Reader.Count <= Low;

    /// <summary>Adds an item, on the reactor.</summary>
    /// <returns>Whether the child should be held up.</returns>
    public bool Add(byte[] item) => !_discards && _items.Writer.TryWrite(item) && _items.Reader.Count >= High;

    /// <summary>No more will come.</summary>
    public void Complete() => _items.Writer.TryComplete();

    /// <summary>Nobody will take any more.</summary>
    public void Discard() => _discards = true;

    /// <returns>The next item, or null at the end.</returns>
    public async ValueTask<byte[]?> TakeAsync()
        => await _items.Reader.WaitToReadAsync().ConfigureAwait(false) && _items.Reader.TryRead(out byte[]? item) ? item : null;
}

namespace NsGen.Calls;

/// <summary>What a frame on the call channel holds. A frame is its kind (1 byte), its length (8 bytes), and that many bytes.</summary>
internal enum CallFrame : byte
{
    /// <summary>Child to parent: the result. The last frame.</summary>
    Result = 1,

    /// <summary>Child to parent: what the body threw. The last frame.</summary>
    Exception = 2,

    /// <summary>Child to parent: a warm child waits for its call.</summary>
    Ready = 3,

    /// <summary>Child to parent: a report of progress.</summary>
    Progress = 4,

    /// <summary>Child to parent: an item of a stream.</summary>
    Item = 5,

    /// <summary>Parent to child: the arguments for a warm child.</summary>
    Call = 16,

    /// <summary>Parent to child: the call is cancelled.</summary>
    Stop = 17,
}

namespace NsGen.Calls;

/// <summary>What a frame on the result channel holds. A frame is its kind (1 byte), its length (8 bytes), and that many bytes.</summary>
internal enum ResultFrame : byte
{
    Result = 1,
    Exception = 2,
}

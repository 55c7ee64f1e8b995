using System.Buffers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace NsGen.Analyzers;

/// <summary>
/// Finds the files that hold a word, so that rules need not look at the others. Nearly all files are others, so this may cost next to
/// nothing: it reads the text and not the tree, and allocates nothing for a file without the word.
/// </summary>
internal static class TextSearch
{
    private const int BufferLength = 32 * 1024;

    // Windows overlap, so that a word cut by the end of one is whole in the next.
    private const int Overlap = 16;

    /// <param name="compilation">Where to look.</param>
    /// <param name="words">Each at most 16 characters long.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static List<SyntaxTree> FilesWith(Compilation compilation, string[] words, CancellationToken cancellationToken)
    {
        List<SyntaxTree> found = [];
        char[] buffer = ArrayPool<char>.Shared.Rent(BufferLength);
        try
        {
            foreach (SyntaxTree tree in compilation.SyntaxTrees)
            {
                if (Holds(tree.GetText(cancellationToken), words, buffer))
                {
                    found.Add(tree);
                }
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }

        return found;
    }

    private static bool Holds(SourceText text, string[] words, char[] buffer)
    {
        for (int start = 0; start < text.Length; start += BufferLength - Overlap)
        {
            int count = Math.Min(BufferLength, text.Length - start);
            text.CopyTo(start, buffer, 0, count);
            foreach (string word in words)
            {
                if (buffer.AsSpan(0, count).IndexOf(word.AsSpan()) >= 0)
                {
                    return true;
                }
            }
        }

        return false;
    }
}

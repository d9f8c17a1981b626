namespace GptEmbeddings.Tests;

/// <summary>A mistake that a reader may make where a notebook invites changes.</summary>
/// <param name="Lesson">The notebook's number.</param>
/// <param name="Code">What stands in one of its cells.</param>
/// <param name="Mistaken">What the reader writes in its place.</param>
/// <param name="Cell">How the first line of the cell that then fails begins.</param>
/// <param name="Words">What the reader is told.</param>
internal sealed record Mistake(int Lesson, string Code, string Mistaken, string Cell, string Words);

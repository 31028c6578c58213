using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace StreamFlow.Protocol.Tests.Generator;

/// <summary>Drives the generator over definitions given as text.</summary>
internal static class GeneratorRun
{
    public static GeneratorDriver NewDriver(params (string Path, string Text)[] definitions) => CSharpGeneratorDriver.Create(
        [new Protocol.Generator.MessageGenerator().AsSourceGenerator()],
        definitions.Select(d => (AdditionalText)new Definition(d.Path, d.Text)),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static GeneratorDriver Run(this GeneratorDriver driver) => driver.RunGenerators(CSharpCompilation.Create("messages"));

    /// <summary>The generated file of one message.</summary>
    public static string Source(string definition, string message) => NewDriver(("Sample.message", definition)).Run()
        .GetRunResult().Results[0].GeneratedSources.Single(s => s.HintName == message + ".g.cs").SourceText.ToString();

    /// <summary>Each diagnostic as <c>line: text</c>, with lines from 1.</summary>
    public static IReadOnlyList<string> Diagnostics(params string[] definitions) => NewDriver(
            [.. definitions.Select((text, i) => ($"Sample{i}.message", text))]).Run()
        .GetRunResult().Diagnostics
        .Select(d => $"{d.Location.GetLineSpan().StartLinePosition.Line + 1}: {d.GetMessage(null)}")
        .ToList();

    private sealed class Definition(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}

using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using StreamFlow.Protocol.Generator.Definitions;
using StreamFlow.Protocol.Generator.Emission;

namespace StreamFlow.Protocol.Generator;

/// <summary>
/// Turns every <c>*.message</c> additional file into C# classes: one source per message, and one each for the API keys, the version
/// table and the registry. What is wrong with a definition becomes a diagnostic at its line.
/// </summary>
[Generator]
public sealed class MessageGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor BadDefinition = Descriptor("SFP001", "{0}");
    private static readonly DiagnosticDescriptor DuplicateKey = Descriptor("SFP002", "api key {0} of {1} belongs to {2} already");

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(text => text.Path.EndsWith(".message", StringComparison.Ordinal))
            .Select((text, cancel) => DefinitionParser.Parse(text.Path, text.GetText(cancel)?.ToString() ?? ""));
        context.RegisterSourceOutput(files, EmitMessages);
        context.RegisterSourceOutput(files.Collect(), EmitRegistry);
    }

    private static void EmitMessages(SourceProductionContext context, DefinitionFile file)
    {
        foreach (var error in file.Errors)
        {
            context.ReportDiagnostic(Diagnostic.Create(BadDefinition, LocationOf(file, error.Line), error.Message));
        }

        if (file.Errors.Count == 0)
        {
            foreach (var message in file.Messages)
            {
                context.AddSource($"{message.Name}.g.cs", MessageEmitter.Emit(file, message));
            }
        }
    }

    private static void EmitRegistry(SourceProductionContext context, ImmutableArray<DefinitionFile> files)
    {
        var apis = files
            .Where(f => f.IsApi && f.Errors.Count == 0)
            .OrderBy(f => f.Key)
            .ThenBy(f => f.Path, StringComparer.Ordinal)
            .ToList();
        foreach (var group in apis.GroupBy(f => f.Key).Where(g => g.Count() > 1))
        {
            var second = group.ElementAt(1);
            context.ReportDiagnostic(Diagnostic.Create(DuplicateKey, LocationOf(second, 0), group.Key, second.Name, group.First().Name));
        }

        context.AddSource("ApiKey.g.cs", RegistryEmitter.EmitApiKeys(apis));
        context.AddSource("ApiVersions.g.cs", RegistryEmitter.EmitApiVersions(apis));
        context.AddSource("MessageRegistry.g.cs", RegistryEmitter.EmitRegistry(apis));
    }

    private static DiagnosticDescriptor Descriptor(string id, string message) =>
        new(id, "Message definition", message, "StreamFlow.Protocol", DiagnosticSeverity.Error, isEnabledByDefault: true);

    private static Location LocationOf(DefinitionFile file, int line)
    {
        var text = SourceText.From(file.Text);
        var span = line < text.Lines.Count ? text.Lines[line].Span : default;
        return Location.Create(file.Path, span, text.Lines.GetLinePositionSpan(span));
    }
}

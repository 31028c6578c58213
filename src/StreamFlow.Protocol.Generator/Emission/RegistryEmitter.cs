using System;
using System.Collections.Generic;
using System.Linq;
using StreamFlow.Protocol.Generator.Definitions;

namespace StreamFlow.Protocol.Generator.Emission;

/// <summary>Writes what spans all messages: the <c>ApiKey</c> enum, the version table and the registry's switches.</summary>
internal static class RegistryEmitter
{
    public static string EmitApiKeys(IEnumerable<DefinitionFile> files)
    {
        var source = Begin();
        source.Line("/// <summary>The APIs of Kafka's protocol that have a definition here, with their numbers on the wire.</summary>");
        source.Open("public enum ApiKey : short");
        foreach (var file in files)
        {
            source.Doc("summary", file.Prose.Count > 0 ? file.Prose[0] : file.Name);
            source.Line($"{file.Name} = {file.Key},");
        }

        source.Close();
        return source.ToString();
    }

    public static string EmitApiVersions(IEnumerable<DefinitionFile> files)
    {
        var source = Begin();
        source.Open("public static partial class ApiVersions");
        source.Line("private static ApiVersionRange[] CreateTable() =>");
        source.Line("[");
        foreach (var file in files)
        {
            var flexible = file.Flexible.IsEmpty ? "short.MaxValue" : file.Flexible.Lowest.ToString();
            source.Line($"    new(ApiKey.{file.Name}, {file.Versions.Lowest}, {file.Versions.Highest}, {flexible}, " +
                $"{file.Offered.Lowest}, {file.Offered.Highest}),");
        }

        source.Line("];");
        source.Close();
        return source.ToString();
    }

    public static string EmitRegistry(IEnumerable<DefinitionFile> files)
    {
        var source = Begin();
        var list = files.ToList();
        source.Line("using StreamFlow.Protocol.Messages;");
        source.Line();
        source.Open("public static partial class MessageRegistry");
        const string readParameters = "ref ProtocolReader reader, ApiKey apiKey, short version";
        Switch(source, $"IRequest? ReadRequestOrNull({readParameters})", list, name => $"{name}Request.Read(ref reader, version)");
        Switch(source, $"IResponse? ReadResponseOrNull({readParameters})", list, name => $"{name}Response.Read(ref reader, version)");
        Switch(source, "IResponse? CreateResponseOrNull(ApiKey apiKey)", list, name => $"new {name}Response()");
        source.Close();
        return source.ToString();
    }

    private static void Switch(SourceWriter source, string signature, List<DefinitionFile> files, Func<string, string> value)
    {
        source.Line($"private static {signature} => apiKey switch");
        source.Line("{");
        foreach (var file in files)
        {
            source.Line($"    ApiKey.{file.Name} => {value(file.Name)},");
        }

        source.Line("    _ => null,");
        source.Line("};");
        source.Line();
    }

    private static SourceWriter Begin()
    {
        var source = new SourceWriter();
        MessageEmitter.EmitFileHead(source, "all api definitions");
        source.Line("namespace StreamFlow.Protocol;");
        source.Line();
        return source;
    }
}

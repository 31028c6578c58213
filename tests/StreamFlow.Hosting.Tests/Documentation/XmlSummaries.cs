using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StreamFlow.Hosting.Tests.Documentation;

/// <summary>The summaries of properties, from the documentation files beside the assemblies, as Markdown.</summary>
internal static partial class XmlSummaries
{
    private static readonly Dictionary<Assembly, Dictionary<string, XElement>> Files = [];

    public static string Of(PropertyInfo property)
    {
        var assembly = property.DeclaringType!.Assembly;
        if (!Files.TryGetValue(assembly, out var members))
        {
            var file = Path.ChangeExtension(assembly.Location, ".xml");
            Files.Add(assembly, members = XDocument.Load(file).Descendants("member")
                .ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary") ?? new XElement("summary")));
        }

        return members.TryGetValue($"P:{property.DeclaringType.FullName}.{property.Name}", out var summary) ? Markdown(summary) : "";
    }

    private static string Markdown(XElement summary) => Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" } see when see.FirstAttribute is { } target => $"`{target.Value.Split('.')[^1]}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement other => string.Concat(other.Nodes().Select(Text)),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

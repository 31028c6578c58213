using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using StreamFlow.Broker;
using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Client.Security;
using StreamFlow.Storage.Configuration;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting.Tests.Documentation;

/// <summary><c>docs/configuration.md</c>: every setting with its key, default and meaning.</summary>
public sealed class ConfigurationPageTests
{
    [Fact]
    public void Page_lists_every_setting_of_the_code()
    {
        var page = new StringBuilder("""
            # Configuration

            Written from the code; a test fails when it is stale. Keys are Kafka's where Kafka has them. Set them with `--set key=value` or a file of
            `key=value` lines (`--config FILE`) of the program, with `FromProperties` or the named property in code. Times (`.ms`) are milliseconds.


            """);
        Options(page, "All clients of a cluster", "`ClusterOptions`", ClusterOptions.Default);
        Options(page, "Encryption and authentication of clients", "`ConnectionSecurity`", ConnectionSecurity.None);
        Options(page, "Producer", "`ProducerOptions`", ProducerOptions.Default);
        Options(page, "Consumer", "`ConsumerOptions`", ConsumerOptions.Default);
        Options(page, "Application", "`StreamsOptions`; `streamflow worker --set`", new StreamsOptions());
        Options(page, "Broker", "`BrokerOptions`; `streamflow broker --set`", new BrokerOptions());
        Options(page, "Security of a broker", "`SecurityOptions`", new BrokerOptions().Security);
        Topics(page);
        GeneratedPage.Verify("configuration.md", page.ToString());
    }

    private static void Options(StringBuilder page, string title, string where, object defaults)
    {
        page.Append(CultureInfo.InvariantCulture, $"## {title}\n\n{where}\n\n| key | default | meaning |\n| --- | --- | --- |\n");
        var keyed =
            from property in defaults.GetType().GetProperties()
            let attribute = property.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name is "ConfigKeyAttribute" or "KafkaKeyAttribute")
            where attribute is not null
            let key = (string)attribute.ConstructorArguments[0].Value!
            orderby key
            select (key, property);
        foreach (var (key, property) in keyed.OrderBy(k => k.key, StringComparer.Ordinal))
        {
            page.Append(GeneratedPage.Row($"`{key}`", Code(Text(property.GetValue(defaults))), XmlSummaries.Of(property)));
        }

        page.Append('\n');
    }

    private static void Topics(StringBuilder page)
    {
        page.Append("## Topic\n\n`topics create --topic-config`, `configs alter`; the broker's key sets the default of all topics.\n\n");
        page.Append("| key | broker's key | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var key in LogConfigKeys.All)
        {
            page.Append(GeneratedPage.Row($"`{key.Name}`", Code(key.BrokerName), Code(key.Default), key.Description));
        }
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text}`";

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        Enum word => word.ToString().ToLowerInvariant(),
        IEnumerable list => string.Join(',', list.Cast<object>()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}

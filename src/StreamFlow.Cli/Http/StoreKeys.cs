using System.Globalization;
using System.Reflection;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Http;

/// <summary>Makes a store's key of what stands in a URL.</summary>
internal static class StoreKeys
{
    /// <summary>The key: a text, a number, a Guid, or a row of SQL that has one column of such a type.</summary>
    /// <exception cref="ConfigurationException">The text is none of the type.</exception>
    public static TKey Parse<TKey>(string text) => (TKey)Parse(text, typeof(TKey));

    private static object Parse(string text, Type type)
    {
        var wanted = Nullable.GetUnderlyingType(type) ?? type;
        try
        {
            return wanted == typeof(Guid) ? Guid.Parse(text, CultureInfo.InvariantCulture)
                : SqlRowConverter.IsRow(wanted) ? ParseRow(text, wanted)
                : Convert.ChangeType(text, wanted, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            throw new ConfigurationException($"'{text}' is not a key of the store's type, {wanted.Name}");
        }
    }

    private static object ParseRow(string text, Type type)
    {
        if (type.GetFields(BindingFlags.Instance | BindingFlags.Public) is not [var column])
        {
            throw new ConfigurationException("the store's keys have several columns: read all its rows");
        }

        var row = Activator.CreateInstance(type)!;
        column.SetValue(row, Parse(text, column.FieldType));
        return row;
    }
}

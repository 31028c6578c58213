using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace StreamFlow.Testing.Snapshots;

/// <summary>
/// Prints what an assembly shows to its users, one member a line, sorted: a change of the public surface becomes a diff that somebody has
/// to say yes to.
/// </summary>
public static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    /// <summary>Prints the public types for which <paramref name="filter"/> holds, or all.</summary>
    public static string Print(Assembly assembly, Func<Type, bool>? filter = null)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().Where(filter ?? (_ => true)).OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(TypeHead(type)).Append('\n');
            foreach (var member in Members(type))
            {
                text.Append("    ").Append(member).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string TypeHead(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => type.IsByRefLike ? "ref struct" : "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var parents = type.GetInterfaces().Except(inherited).Where(i => i.IsPublic).Select(ApiNames.Of).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            parents.Insert(0, ApiNames.Of(parent));
        }

        var name = type.Namespace + "." + ApiNames.Of(type);
        return $"{kind} {name}{(parents.Count == 0 || type.IsEnum ? "" : " : " + string.Join(", ", parents))}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name} = {f.GetRawConstantValue()}"));
        }

        var name = type.Name.Split('`')[0];
        var constructors = type.GetConstructors(Declared).Where(IsVisible).Select(c => $"{name}({Parameters(c)})");
        var fields = type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly);
        var properties = type.GetProperties(Declared).Where(p => p.GetAccessors(nonPublic: true).Any(IsVisible));
        var events = type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod!));
        var methods = type.GetMethods(Declared).Where(m => IsVisible(m) && !m.Name.Contains('<') && (!m.IsSpecialName || IsOperator(m)));
        return constructors.Order(StringComparer.Ordinal)
            .Concat(Sorted(fields, Field))
            .Concat(Sorted(properties, Property))
            .Concat(Sorted(events, e => $"event {ApiNames.Of(e.EventHandlerType!)} {e.Name}"))
            .Concat(Sorted(methods, Method));
    }

    /// <summary>By name, without what the compiler adds to records.</summary>
    private static IEnumerable<string> Sorted<T>(IEnumerable<T> members, Func<T, string> print)
        where T : MemberInfo => members
            .Where(m => !m.IsDefined(typeof(CompilerGeneratedAttribute)) && m.Name != "EqualityContract")
            .Select(m => (m.Name, Text: print(m)))
            .OrderBy(m => m.Name, StringComparer.Ordinal)
            .ThenBy(m => m.Text, StringComparer.Ordinal)
            .Select(m => m.Text);

    private static bool IsOperator(MethodInfo method) => method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Field(FieldInfo field) => field.IsLiteral
        ? string.Create(CultureInfo.InvariantCulture, $"const {ApiNames.Of(field)} {field.Name} = {field.GetRawConstantValue()}")
        : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{ApiNames.Of(field)} {field.Name}";

    private static string Property(PropertyInfo property)
    {
        var get = property.GetMethod is { } getter && IsVisible(getter) ? "get; " : "";
        var set = property.SetMethod is { } setter && IsVisible(setter) ? (ApiNames.IsInit(setter) ? "init; " : "set; ") : "";
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(ApiNames.Of))}]";
        var accessor = property.GetAccessors(nonPublic: true)[0];
        return $"{Modifiers(accessor)}{ApiNames.Of(property)} {name} {{ {get}{set}}}";
    }

    private static string Method(MethodInfo method)
    {
        var generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        return $"{Modifiers(method)}{ApiNames.Of(method.ReturnParameter)} {method.Name}{generics}({Parameters(method)})";
    }

    private static string Modifiers(MethodBase method)
    {
        var access = method.IsPublic ? "" : "protected ";
        var isOverride = method is MethodInfo info && info.GetBaseDefinition().DeclaringType != info.DeclaringType;
        return access + method switch
        {
            { IsStatic: true, IsAbstract: true } => "static abstract ",
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true } => "",
            _ when isOverride => "override ",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(ApiNames.Of));
}

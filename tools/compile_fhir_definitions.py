#!/usr/bin/env python3
"""Compile FHIR R4's own definitions into C++ tables.

usage: compile_fhir_definitions.py PACKAGE_FOLDER OUTPUT.cpp

PACKAGE_FOLDER is node_modules/hl7.fhir.r4.examples. The tables are those that
src/record/definitions/tables.h declares.
"""
import json
import pathlib
import sys

KINDS = {"primitive-type": "primitive", "complex-type": "complex", "resource": "resource"}
PROFILE = "http://hl7.org/fhir/StructureDefinition/"
FHIR_TYPE = PROFILE + "structuredefinition-fhir-type"


def literal(text):
    """A C++ string_view literal of the text."""
    escaped = []
    for byte in (text or "").encode():
        char = chr(byte)
        if char in '\\"':
            escaped.append("\\" + char)
        elif 32 <= byte < 127 and char != "?":
            escaped.append(char)
        else:
            escaped.append("\\%03o" % byte)
    return '"' + "".join(escaped) + '"sv'


class Table:
    """Rows of one C++ array; lists of rows become spans into it."""

    def __init__(self, name, type_name):
        self.name, self.type_name, self.rows, self.known = name, type_name, [], {}

    def span(self, rows):
        if not rows:
            return "{}"
        key = tuple(rows)
        if key not in self.known:
            self.known[key] = len(self.rows)
            self.rows.extend(rows)
        return "{%s + %d, %d}" % (self.name, self.known[key], len(rows))

    def declaration(self):
        return "extern const %s %s[%d];" % (self.type_name, self.name, max(len(self.rows), 1))

    def definition(self):
        rows = self.rows or ["{}"]
        return "constinit const %s %s[] = {\n%s};\n" % (self.type_name, self.name, "".join(row + ",\n" for row in rows))


class Package:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def resources(self, kind):
        for path in sorted(self.folder.glob(kind + "-*.json")):
            resource = json.loads(path.read_bytes())
            if resource["resourceType"] == kind:
                yield resource


class ValueSets:
    """Codes of the value sets that the package enumerates."""

    def __init__(self, package):
        self.sets = {r["url"]: r for r in package.resources("ValueSet")}
        self.systems = {r["url"]: r for r in package.resources("CodeSystem")}
        self.used = {}

    def use(self, canonical):
        """The place of the value set in the table."""
        url = canonical.split("|")[0]
        if url not in self.used:
            self.used[url] = len(self.used)
        return self.used[url]

    def codes(self, url):
        """Pairs of system and code, or None when they cannot be listed from the package."""
        definition = self.sets.get(url)
        if definition is None:
            return None
        pairs = set()
        for part in definition.get("compose", {}).get("include", []):
            found = self.included(part)
            if found is None:
                return None
            pairs |= found
        for part in definition.get("compose", {}).get("exclude", []):
            pairs -= self.included(part) or set()
        return pairs

    def included(self, part):
        groups = [self.codes(url.split("|")[0]) for url in part.get("valueSet", [])]
        if "system" in part:
            groups.append(self.system_codes(part))
        if not groups or any(group is None for group in groups):
            return None
        return set.intersection(*groups)

    def system_codes(self, part):
        system = part["system"]
        if "concept" in part:
            return {(system, concept["code"]) for concept in part["concept"]}
        definition = self.systems.get(system)
        if definition is None or definition.get("content") != "complete" or "filter" in part:
            return None
        pairs, waiting = set(), list(definition.get("concept", []))
        while waiting:
            concept = waiting.pop()
            pairs.add((system, concept["code"]))
            waiting.extend(concept.get("concept", []))
        return pairs


class Types:
    """Type tables from the StructureDefinitions that are no constraints on others."""

    def __init__(self, package, value_sets):
        self.value_sets = value_sets
        self.definitions = {}
        for definition in package.resources("StructureDefinition"):
            if definition["kind"] in KINDS and definition.get("derivation") != "constraint":
                definition["tree"] = self.children_by_path(definition)
                self.definitions[definition["type"]] = definition
        self.names = sorted(list(self.definitions) + [p for d in self.definitions.values() for p in d["tree"] if "." in p])
        self.place = {name: index for index, name in enumerate(self.names)}
        self.rows = Table("kTypes", "TypeDefinition")
        self.elements = Table("kElements", "ElementDefinition")
        self.properties = Table("kProperties", "PropertyDefinition")
        self.element_types = Table("kElementTypes", "ElementType")
        self.invariants = Table("kInvariants", "Invariant")
        self.strings = Table("kStrings", "std::string_view")
        for name in self.names:
            self.add(name)

    @staticmethod
    def children_by_path(definition):
        tree = {definition["type"]: []}
        for element in definition["snapshot"]["element"][1:]:
            path = element["path"]
            tree.setdefault(path.rsplit(".", 1)[0], []).append(element)
        return tree

    def root_keys(self, type_name):
        definition = self.definitions.get(type_name)
        root = definition["snapshot"]["element"][0] if definition else {}
        return {constraint["key"] for constraint in root.get("constraint", [])}

    def invariant_rows(self, constraints):
        return ["{%s, %s, %s, %s}" % (literal(c["key"]), literal(c["human"]), literal(c["expression"]),
                                      "true" if c["severity"] == "warning" else "false")
                for c in constraints if c.get("expression")]

    def add(self, name):
        top = name.split(".")[0]
        definition = self.definitions[top]
        element = next(e for e in definition["snapshot"]["element"] if e["path"] == name)
        if name == top:
            kind, base = KINDS[definition["kind"]], definition.get("baseDefinition", "").rsplit("/", 1)[-1]
        else:
            kind, base = "backbone", element["type"][0]["code"]
        children = definition["tree"][name]
        if definition["kind"] == "primitive-type":
            children = [child for child in children if not child["path"].endswith(".value")]
        rows, properties = [], []
        for child in children:
            types = self.types_of(child, name)
            place = len(self.elements.rows) + len(rows)
            span = self.element_types.span([row for _, row in types])
            start = span[1:].split(",")[0]
            rows.append(self.element_row(child, span, types))
            bare = self.bare_name(child)
            for index, (suffix, _) in enumerate(types):
                member = bare + suffix[0].upper() + suffix[1:] if child["path"].endswith("[x]") else bare
                properties.append((member, "{%s, kElements + %d, %s + %d}" % (literal(member), place, start, index)))
        self.elements.known.clear()  # rows point into the table by place, so equal lists are not shared
        element_span = self.elements.span(rows)
        property_span = self.properties.span([row for _, row in sorted(properties)])
        invariants = self.invariants.span(self.invariant_rows(element.get("constraint", [])))
        self.rows.rows.append("{%s, TypeDefinition::Kind::%s, %s, %s, %s, %s, %s}" % (
            literal(name), kind, "true" if definition["abstract"] and name == top else "false",
            "kTypes + %d" % self.place[base] if base else "nullptr", element_span, property_span, invariants))

    @staticmethod
    def bare_name(element):
        return element["path"].rsplit(".", 1)[-1].removesuffix("[x]")

    def types_of(self, element, parent):
        """Pairs of the type's name, for choices, and its row."""
        if "contentReference" in element:
            target = element["contentReference"].lstrip("#")
            return [(target, "{kTypes + %d, {}}" % self.place[target])]
        pairs = []
        for entry in element["type"]:
            code = entry["code"]
            if code.startswith("http://hl7.org/fhirpath/"):
                code = self.system_type(entry, parent, element)
            name = element["path"] if element["path"] in self.place else code
            targets = sorted({url.removeprefix(PROFILE) for url in entry.get("targetProfile", [])
                              if url.removeprefix(PROFILE) in self.definitions} - {"Resource"})
            pairs.append((code, "{kTypes + %d, %s}" % (self.place[name], self.strings.span([literal(t) for t in targets]))))
        return pairs

    def system_type(self, entry, parent, element):
        """The FHIR type of an element that is typed as a FHIRPath System type; a resource's id is an id."""
        is_resource = "." not in parent and self.definitions[parent]["kind"] == "resource"
        if is_resource and element["path"].endswith(".id"):
            return "id"
        return next((e["valueUrl"] for e in entry.get("extension", []) if e["url"] == FHIR_TYPE), "string")

    def element_row(self, element, types_span, types):
        inherited = set()
        for code, _ in types:
            inherited |= self.root_keys(code)
        own = [] if element["path"] in self.place else [c for c in element.get("constraint", []) if c["key"] not in inherited]
        binding = element.get("binding", {})
        place = self.value_sets.use(binding["valueSet"]) if binding.get("strength") == "required" else None
        flags = [element["path"].endswith("[x]"), element.get("isSummary", False), element.get("isModifier", False),
                 "xmlAttr" in element.get("representation", [])]
        return "{%s, %d, %s, %s, %s, %s, %s}" % (
            literal(self.bare_name(element)), element["min"],
            "ElementDefinition::kUnbounded" if element["max"] == "*" else element["max"],
            ", ".join("true" if flag else "false" for flag in flags), types_span,
            "nullptr" if place is None else "kValueSets + %d" % place, self.invariants.span(self.invariant_rows(own)))

    def resource_types(self):
        return [n for n in self.names if "." not in n and self.definitions[n]["kind"] == "resource"
                and not self.definitions[n]["abstract"]]

    def ancestors(self, name):
        while name:
            yield name
            name = self.definitions[name].get("baseDefinition", "").rsplit("/", 1)[-1]


class SearchParameters:
    def __init__(self, package, types):
        self.types = types
        self.parameters = [p for p in package.resources("SearchParameter") if self.usable(p)]
        self.parameters.sort(key=lambda p: p["url"])
        self.by_url = {p["url"]: p for p in self.parameters}
        self.components = Table("kSearchComponents", "SearchComponent")
        self.rows = Table("kSearchParameters", "SearchParameter")
        for number, parameter in enumerate(self.parameters):
            self.rows.rows.append(self.row(number, parameter))

    @staticmethod
    def usable(parameter):
        """Not the examples of the resource type, nor the parameters of extensions that have no expression."""
        is_core = parameter["code"].startswith("_")
        return "base" in parameter and not parameter["id"].startswith("example") and ("expression" in parameter or is_core)

    def row(self, number, parameter):
        targets = self.types.strings.span([literal(t) for t in parameter.get("target", []) if t != "Resource"])
        components = self.components.span([
            "{%s, %s}" % (literal(self.by_url[c["definition"]]["code"]), literal(c["expression"]))
            for c in parameter.get("component", [])])
        return "{%d, %s, SearchType::%s, %s, %s, %s, %s}" % (
            number, literal(parameter["code"]), {"string": "string", "number": "number"}.get(parameter["type"], parameter["type"]),
            literal(parameter["url"]), literal(parameter.get("expression")), targets, components)

    def of_type(self, name):
        """Places of the parameters of a resource type, sorted by code; FHIR's core ones win over extensions'."""
        bases = set(self.types.ancestors(name))
        found = {}
        for place, parameter in enumerate(self.parameters):
            if bases & set(parameter["base"]):
                is_extension = "extension" in parameter["id"]
                if parameter["code"] not in found or not is_extension:
                    found[parameter["code"]] = place
        return [found[code] for code in sorted(found)]


def compartment_rows(package, strings):
    rows = []
    for definition in package.resources("CompartmentDefinition"):
        if definition["id"] == "example":
            continue
        for resource in definition["resource"]:
            if resource.get("param"):
                rows.append((definition["code"], resource["code"], strings.span([literal(p) for p in resource["param"]])))
    return ["{%s, %s, %s}" % (literal(c), literal(r), span) for c, r, span in sorted(rows)]


def value_set_tables(value_sets):
    codes, sets = Table("kValueSetCodes", "ValueSetCode"), Table("kValueSets", "ValueSetDefinition")
    for url in value_sets.used:
        pairs = value_sets.codes(url)
        rows = ["{%s, %s}" % (literal(s), literal(c)) for c, s in sorted((c, s) for s, c in pairs or [])]
        sets.rows.append("{%s, %s, %s}" % (literal(url), codes.span(rows), "false" if pairs is None else "true"))
    return [codes, sets]


def main():
    package = Package(sys.argv[1])
    value_sets = ValueSets(package)
    types = Types(package, value_sets)
    searches = SearchParameters(package, types)
    pointers = Table("kTypeSearchParameters", "SearchParameter* const")
    resources = Table("kResources", "ResourceTable")
    names = Table("kResourceNames", "std::string_view")
    for name in types.resource_types():
        span = pointers.span(["kSearchParameters + %d" % place for place in searches.of_type(name)])
        resources.rows.append("{%s, %s}" % (literal(name), span))
        names.rows.append(literal(name))
    compartments = Table("kCompartments", "CompartmentTable")
    compartments.rows.extend(compartment_rows(package, types.strings))
    tables = [types.strings, *value_set_tables(value_sets), types.invariants, types.element_types, types.elements,
              types.properties, types.rows, searches.components, searches.rows, pointers, resources, names, compartments]
    with open(sys.argv[2], "w", encoding="ascii") as out:
        out.write("// Made from FHIR R4's definitions by tools/compile_fhir_definitions.py.\n"
                  '#include "record/definitions/tables.h"\n\nnamespace meridian::record::tables {\n'
                  "using std::string_view_literals::operator\"\"sv;\n")
        for table in tables:
            out.write(table.declaration() + "\n")
        for table in tables:
            out.write("\n" + table.definition())
        for count, table in (("kTypeCount", types.rows), ("kElementCount", types.elements), ("kValueSetCount", tables[2]), ("kResourceCount", resources),
                             ("kCompartmentCount", compartments)):
            out.write("const std::size_t %s = %d;\n" % (count, len(table.rows)))
        out.write("}  // namespace meridian::record::tables\n")


if __name__ == "__main__":
    main()

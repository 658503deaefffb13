#!/usr/bin/env python3
"""Pack FHIR R4's own conformance resources, so that the program carries them.

usage: pack_fhir_definitions.py PACKAGE_FOLDER OUTPUT.bin OUTPUT.cpp

PACKAGE_FOLDER is node_modules/hl7.fhir.r4.examples. Each resource is deflated by itself; the table of
src/record/definitions/canonical_table.h says where in OUTPUT.bin it is. What only people read is left out.
"""
import json
import pathlib
import sys
import zlib

from compile_fhir_definitions import Package, literal

KINDS = ["CodeSystem", "ConceptMap", "StructureDefinition", "ValueSet"]
FOR_PEOPLE = ["text", "contact", "publisher", "purpose", "copyright", "description", "differential", "mapping", "useContext", "jurisdiction"]
ELEMENT_FOR_PEOPLE = ["short", "definition", "comment", "requirements", "alias", "example", "mapping", "condition", "isSummary",
                      "meaningWhenMissing", "orderMeaning", "isModifierReason", "representation", "extension"]
CONSTRAINT_FOR_PEOPLE = ["xpath", "requirements"]


def without(thing, names):
    return {name: value for name, value in thing.items() if name not in names}


def slim_element(element):
    element = without(element, ELEMENT_FOR_PEOPLE)
    if "constraint" in element:
        element["constraint"] = [without(constraint, CONSTRAINT_FOR_PEOPLE) for constraint in element["constraint"]]
    return element


def slim(resource):
    resource = without(resource, FOR_PEOPLE)
    if "snapshot" in resource:
        resource["snapshot"] = {"element": [slim_element(element) for element in resource["snapshot"]["element"]]}
    return resource


def main():
    package, output, source = Package(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    found = {}
    for kind in KINDS:
        for resource in package.resources(kind):
            if "url" in resource:
                found.setdefault((kind, resource["url"]), resource)
    rows, packed = [], bytearray()
    for (kind, url), resource in sorted(found.items()):
        text = json.dumps(slim(resource), ensure_ascii=False, separators=(",", ":")).encode()
        piece = zlib.compress(text, 9)
        rows.append("{%s, %s, %d, %d, %d}" % (literal(kind), literal(url), len(packed), len(piece), len(text)))
        packed += piece
    output.write_bytes(packed)
    source.write_text(
        "// Made from FHIR R4's definitions by tools/pack_fhir_definitions.py.\n"
        '#include "record/definitions/canonical_table.h"\n\n'
        'asm(".section .rodata\\n.global meridian_packed_definitions\\nmeridian_packed_definitions:\\n'
        '.incbin \\"%s\\"\\n.previous\\n");\n\n'
        "namespace meridian::record::tables {\nusing std::string_view_literals::operator\"\"sv;\n"
        "constinit const PackedDefinition kPackedDefinitions[] = {\n%s};\n"
        "const std::size_t kPackedDefinitionCount = %d;\n}  // namespace meridian::record::tables\n"
        % (output, "".join(row + ",\n" for row in rows), len(rows)), encoding="ascii")


if __name__ == "__main__":
    main()

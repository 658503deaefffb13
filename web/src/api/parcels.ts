/** One thing to send: a file, or the files of one recording (a WFDB record's, a CSV with its JSON). */
export interface Parcel {
  name: string;
  files: File[];
}

/** Headers are short; what is longer is none. */
const longestHeader = 1 << 20;

function stem(name: string): string {
  return name.replace(/\.[^.]+$/, "");
}

/** The files that a WFDB header names: its signals', or the headers of its segments (https://wfdb.io). */
export function namedByHeader(text: string): string[] {
  const [record = "", ...lines] = text.split(/\r?\n/).filter((line) => line.trim() && !line.startsWith("#"));
  const segments = /^\S+\/\d+(\s|$)/.test(record);
  const first = lines.map((line) => line.trim().split(/\s+/)[0]!).filter((name) => name !== "~");
  return [...new Set(segments ? first.map((segment) => `${segment}.hea`) : first)];
}

async function namedBy(file: File): Promise<string[]> {
  if (!/\.hea$/i.test(file.name) || file.size > longestHeader) return [];
  return namedByHeader(await file.text());
}

/**
 * Files that belong to one recording travel together: those that a WFDB header names, through the headers of
 * its segments, and those that share a stem with a header or a table. Every other file travels alone.
 */
export async function parcels(files: File[]): Promise<Parcel[]> {
  const named = await Promise.all(files.map(namedBy));
  const leads = (file: File) => /\.(hea|csv)$/i.test(file.name);
  const group = files.map((_, index) => index);
  const groupOf = (index: number): number => (group[index] === index ? index : groupOf(group[index]!));
  files.forEach((file, index) => {
    if (!leads(file)) return;
    files.forEach((other, place) => {
      if (named[index]!.includes(other.name) || stem(other.name) === stem(file.name)) {
        group[groupOf(place)] = groupOf(index);
      }
    });
  });
  const isNamed = (file: File) => named.some((names) => names.includes(file.name));
  const roots = [...new Set(files.map((_, index) => groupOf(index)))];
  return roots.map((root) => {
    const together = files.filter((_, index) => groupOf(index) === root);
    const leading = together.find((file) => leads(file) && !isNamed(file)) ?? together[0]!;
    return { name: together.length > 1 ? stem(leading.name) : leading.name, files: together };
  });
}

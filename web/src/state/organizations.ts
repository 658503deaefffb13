import { useQuery } from "@tanstack/react-query";
import { getOrganizations } from "@/api/cases";
import type { Reference } from "@/api/types";
import { useLanguage } from "@/locales/use-language";

/** The organizations that the node knows, and what to call one in the language in use. */
export function useOrganizations() {
  const { local } = useLanguage();
  const organizations = useQuery({
    queryKey: ["organizations"],
    queryFn: ({ signal }) => getOrganizations(signal),
    staleTime: Infinity,
  });
  const nameOf = ({ id, name }: Reference) => {
    const known = organizations.data?.find((one) => one.id === id || `Organization/${one.id}` === id);
    return known ? local(known.name) : name;
  };
  return { ...organizations, nameOf };
}

/**
 * A version's section of a changelog in the format of Keep a Changelog, without its heading, and without
 * the links of the headings at the end.
 *
 * @throws when there is none, or it says nothing
 */
export function readSection(changelog: string, version: string): string {
	const parts = changelog.split(/^## |^(?=\[[^\]]+\]:)/m);
	const section = parts.find((text) => text.startsWith(`[${version}] `));
	const text = section?.slice(section.indexOf('\n')).trim();
	if (!text) throw new Error(`CHANGELOG.md says nothing of version ${version}.`);
	return text;
}

/**
 * The text as a release on GitHub shows it as it was meant: there every line break is one, and a
 * link is not relative to the repository.
 *
 * @param files where the repository's files are, e.g. `https://github.com/owner/name/blob/v1.0.0`
 */
export function toReleaseNotes(text: string, files: string): string {
	return text
		.replace(/(?<=[^\n])\n *(?=[^\s#*-])/g, ' ')
		.replace(/\]\((?!https?:|#)/g, `](${files}/`);
}

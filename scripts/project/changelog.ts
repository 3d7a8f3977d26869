/**
 * Reads a version's section of a changelog in the format of Keep a Changelog, without its heading, and
 * without the links at the end of the file.
 *
 * @throws when there is no such section, or it is empty
 */
export function readSection(changelog: string, version: string): string {
	const parts = changelog.split(/^## |^(?=\[[^\]]+\]:)/m);
	const section = parts.find((text) => text.startsWith(`[${version}] `));
	const text = section?.slice(section.indexOf('\n')).trim();
	if (!text) throw new Error(`CHANGELOG.md says nothing about version ${version}.`);
	return text;
}

/**
 * Rewrites a section for a release on GitHub. There, each line break of the source would show, and links
 * would not be relative to the repository.
 *
 * @param files the URL of the repository's files, e.g. `https://github.com/owner/name/blob/v1.0.0`
 */
export function toReleaseNotes(text: string, files: string): string {
	return text
		.replace(/(?<=[^\n])\n *(?=[^\s#*-])/g, ' ')
		.replace(/\]\((?!https?:|#)/g, `](${files}/`);
}

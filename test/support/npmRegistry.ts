import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import manifest from '../../package.json';
import { json, type Answer } from '../../scripts/kommo/standIn/answers';
import { run } from '../../scripts/project/command';
import { packTarball } from '../../scripts/project/tarball';

const ORIGIN = 'https://registry.npmjs.org';

const { name } = manifest;

/** npm's registry, where n8n finds the versions of this package that a test has published */
export class NpmRegistry {
	static readonly HOST = new URL(ORIGIN).host;

	private readonly tarballs = new Map<string, Buffer>();

	/** Publishes the built package under this version, which becomes the latest one. */
	async publish(version: string): Promise<void> {
		const folder = await mkdtemp(join(tmpdir(), 'kommo-pipeline-npm-'));
		try {
			await run('tar', ['-xzf', await packTarball(folder)], { cwd: folder });
			const content = JSON.stringify({ ...manifest, version });
			await writeFile(join(folder, 'package', 'package.json'), content);
			await run('tar', ['-czf', 'published.tgz', 'package'], { cwd: folder });
			this.tarballs.set(version, await readFile(join(folder, 'published.tgz')));
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}

	/** https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
	answer({ url }: { url: string }): Answer {
		const { pathname } = new URL(url);
		const [, file = ''] = /-([^-]+)\.tgz$/.exec(pathname) ?? [];
		const tarball = this.tarballs.get(file);
		if (tarball) return { statusCode: 200, body: tarball };
		const published = [...this.tarballs].map(([version, packed]) => toMetadata(version, packed));
		if (pathname === `/${name}`) {
			const versions = Object.fromEntries(published.map((each) => [each.version, each]));
			return json(200, { name, 'dist-tags': { latest: published.at(-1)?.version }, versions });
		}
		const found = published.find(({ version }) => pathname === `/${name}/${version}`);
		return found ? json(200, found) : json(404, { error: 'Not found' });
	}
}

function toMetadata(version: string, tarball: Buffer) {
	const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
	return {
		name,
		version,
		dist: { tarball: `${ORIGIN}/${name}/-/${name}-${version}.tgz`, integrity },
	};
}

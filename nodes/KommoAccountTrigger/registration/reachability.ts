/** Names that no public name server knows, https://www.iana.org/assignments/special-use-domain-names */
const PRIVATE_NAME = /^[^.]+$|\.(localhost|local|internal|lan|home\.arpa|test|invalid)$/;

/** Loopback, link-local and private addresses of IPv6, as `URL` writes them */
const PRIVATE_IPV6 = /^\[(::1?|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\]$/;

const IPV4 = /^(\d+)\.(\d+)\.\d+\.\d+$/;

/** A sentence if Kommo certainly cannot reach the webhook URL: why, and what to do. Nothing if it may. */
export function findUrlProblem(url: string): string | undefined {
	if (!URL.canParse(url)) {
		return "n8n's webhook URL is not a web address. Correct n8n's environment variable WEBHOOK_URL.";
	}
	const host = new URL(url).hostname.replace(/\.$/, '');
	if (!isPrivate(host)) return undefined;
	return `Kommo cannot reach n8n at ${host}, which is an address of your own computer or network. Set n8n's environment variable WEBHOOK_URL to a public address (on your own computer, to that of a tunnel), then try again.`;
}

function isPrivate(host: string): boolean {
	if (host.startsWith('[')) return PRIVATE_IPV6.test(host);
	const [, first, second] = IPV4.exec(host) ?? [];
	return first ? isPrivateIpv4(Number(first), Number(second)) : PRIVATE_NAME.test(host);
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry */
function isPrivateIpv4(first: number, second: number): boolean {
	return (
		[0, 10, 127].includes(first) ||
		first >= 224 ||
		(first === 100 && second >= 64 && second < 128) ||
		(first === 169 && second === 254) ||
		(first === 172 && second >= 16 && second < 32) ||
		(first === 192 && second === 168)
	);
}

// @types/qs describes the package's entry only; the trigger bundles the parser alone.
declare module 'qs/lib/parse' {
	import { parse } from 'qs';

	export = parse;
}

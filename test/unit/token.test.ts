import { findTokenProblem } from '../../nodes/KommoPipelineTrigger/token';

describe('findTokenProblem', () => {
	test('finds none in a token of 16 characters', () => {
		expect(findTokenProblem('abcdefghijklmnop')).toBeUndefined();
	});

	test('says of a shorter one how long it must be, and not what it is', () => {
		const problem = findTokenProblem('abcdefghijklmno');
		expect(problem).toContain('at least 16');
		expect(problem).not.toContain('abcdefghijklmno');
	});
});

// Folders that are no store, stores of another format, places that may not be written or are on another machine.
// Knows nothing of records.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../../engine/errors.ts';
import { mountType, networkName } from '../../../engine/store/network.ts';
import { openStore } from '../../../engine/store/records.ts';
import { worded } from '../../../engine/store/trouble.ts';
import { batchOf, digestOf, ownFolder } from './samples.ts';

const modes = ['write', 'read'] as const;
const storeError = (message: RegExp) => ({ instanceOf: UserError, message });

test('a store of another format is left alone: found, expected, consequence and command are said', async (t) => {
	const folder = ownFolder(t);
	const file = join(folder, 'format.json');
	writeFileSync(file, '{"format": 7, "scanmake": "9.1.0"}');
	for (const mode of modes) {
		const error = await t.throwsAsync(
			openStore({ folder, mode, scanmake: '0.1.0' }),
			storeError(/has format 7 \(of scanmake 9\.1\.0\)/),
		);
		t.is((error as UserError).kind, 'store');
		t.regex(error?.message ?? '', /scanmake 0\.1\.0 expects format 1/);
		t.regex(error?.message ?? '', /cannot use the results/);
		t.regex(error?.message ?? '', /npx scanmake@9\.1\.0/);
		t.regex(error?.message ?? '', /--store/);
	}
	t.deepEqual(readdirSync(folder), ['format.json']);
});

test('the format file says the format and the version that made the store', async (t) => {
	const folder = join(ownFolder(t), 'store');
	await (await openStore({ folder, mode: 'write', scanmake: '0.1.0' })).close();
	t.deepEqual(JSON.parse(readFileSync(join(folder, 'format.json'), 'utf8')), { format: 1, scanmake: '0.1.0' });
	t.is(readFileSync(join(folder, '.gitignore'), 'utf8'), '*\n');
});

test('a damaged format file is no licence to write', async (t) => {
	const folder = ownFolder(t);
	for (const text of ['', '{', 'null', '{"format": "one"}']) {
		writeFileSync(join(folder, 'format.json'), text);
		for (const mode of modes) await t.throwsAsync(openStore({ folder, mode }), storeError(/format\.json is damaged/));
	}
});

test('a folder with other things in it is no store and is not made one', async (t) => {
	const folder = ownFolder(t);
	writeFileSync(join(folder, 'thesis.tex'), 'do not touch');
	for (const mode of modes)
		await t.throwsAsync(openStore({ folder, mode }), storeError(/no store of scanmake's.*thesis\.tex/));
	t.deepEqual(readdirSync(folder), ['thesis.tex']);
});

test('a store in the path of which a file stands is an error, not a crash', async (t) => {
	const folder = join(ownFolder(t), 'file');
	writeFileSync(folder, 'a file');
	await t.throwsAsync(openStore({ folder, mode: 'write' }), storeError(/file/));
	await t.throwsAsync(openStore({ folder: join(folder, 'below'), mode: 'write' }), storeError(/file/));
});

test('a store that may not be written is an error that says so', async (t) => {
	const folder = join(ownFolder(t), 'store');
	for (const code of ['EACCES', 'EROFS', 'EPERM']) {
		const error = worded(Object.assign(new Error(`${code}: no`), { code }), folder);
		t.true(error instanceof UserError && error.kind === 'store');
		t.regex((error as Error).message, /permission denied.*--store/);
	}
	// the real thing, where there is a place that not even root can write to
	if (process.platform === 'linux' && existsSync('/sys/kernel')) {
		await t.throwsAsync(
			openStore({ folder: '/sys/kernel/store', mode: 'write' }),
			storeError(/cannot be (used|written)/),
		);
	}
	const store = await openStore({ folder, mode: 'write' });
	store.commit(batchOf('a', 1), []);
	await store.close();
	const reader = await openStore({ folder, mode: 'read' });
	t.true(reader.has(digestOf('a 0')));
	await reader.close();
});

test('a store on a network file system asks for a place on this machine', async (t) => {
	const parent = ownFolder(t);
	const folder = join(parent, 'project', '.scanmake');
	const names = {
		NFS: 0x6969,
		CIFS: 0xff534d42,
		Lustre: 0x0bd00bd0,
		GPFS: 0x47504653,
		BeeGFS: 0x19830326,
		Ceph: 0x00c36400,
	};
	for (const [name, type] of Object.entries(names)) {
		// statfs gives the number with a sign on some systems
		for (const fileSystemType of [() => type, () => type | 0]) {
			const error = await t.throwsAsync(
				openStore({ folder, mode: 'write', fileSystemType }),
				storeError(new RegExp(`\\(${name}\\)`)),
			);
			t.is((error as UserError).kind, 'store');
			t.regex(error?.message ?? '', /--store \S+scanmake-\S+\/project.*SCANMAKE_STORE=/);
		}
	}
	t.deepEqual(readdirSync(parent), [], 'nothing was created there');
	mkdirSync(folder, { recursive: true });
	await t.throwsAsync(openStore({ folder, mode: 'read', fileSystemType: () => 0x6969 }), storeError(/NFS/));
	await (await openStore({ folder, mode: 'write', fileSystemType: () => 0xef53 })).close();
});

test('a file system in user space is known by the name of its mount', (t) => {
	const mountinfo = [
		'22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw',
		'40 22 0:35 / /home/ada/far\\040away rw shared:1 - fuse.sshfs ada@login:/scratch rw',
		'41 22 0:36 / /home/ada rw - fuse.gocryptfs x rw',
	].join('\n');
	t.is(mountType('/home/ada/far away/project', mountinfo), 'fuse.sshfs');
	t.is(mountType('/home/ada/near', mountinfo), 'fuse.gocryptfs');
	t.is(mountType('/home/adamant', mountinfo), 'ext4');
	t.is(
		networkName('/', () => 0x65735546),
		undefined,
		'what is not known to be far is near',
	);
});

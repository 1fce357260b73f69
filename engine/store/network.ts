// On what kind of file system a folder lies: network file systems are no place for a memory-mapped database.
// Knows the numbers of statfs(2) on Linux; elsewhere it knows nothing and objects to nothing.
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors.ts';

const fuse = 0x65735546;

const networkTypes: ReadonlyMap<number, string> = new Map([
	[0x6969, 'NFS'],
	[0x517b, 'SMB'],
	[0xff534d42, 'CIFS'],
	[0xfe534d42, 'SMB2'],
	[0x564c, 'NCP'],
	[0x5346414f, 'AFS'],
	[0x6b414653, 'AFS'],
	[0x73757245, 'Coda'],
	[0x00c36400, 'Ceph'],
	[0x0bd00bd0, 'Lustre'],
	[0x47504653, 'GPFS'],
	[0x19830326, 'BeeGFS'],
	[0xaad7aaea, 'PanFS'],
	[0x20030528, 'OrangeFS'],
	[0x01161970, 'GFS2'],
	[0x7461636f, 'OCFS2'],
	[0x01021997, '9P'],
	[0x786f4256, 'VirtualBox shared folder'],
]);

/** Names in /proc/self/mountinfo of file systems in user space that are on another machine. */
const networkFuse =
	/^fuse\.(sshfs|glusterfs|ceph|rclone|s3fs|gcsfuse|goofys|juicefs|davfs|moosefs|mfs|lizardfs|curlftpfs|smbnetfs|beegfs|cvmfs2?)$/;

/** The number of the file system's type. */
export function fileSystemType(path: string): number {
	return Number(statfsSync(path).type);
}

/** What a network file system is called; undefined for any other. */
export function networkName(folder: string, typeOf: (path: string) => number = fileSystemType): string | undefined {
	if (process.platform !== 'linux') return undefined;
	let place = folder;
	while (!existsSync(place)) place = dirname(place);
	const type = typeOf(place) >>> 0;
	if (type !== fuse) return networkTypes.get(type);
	const name = mountType(place, readFileSync('/proc/self/mountinfo', 'utf8'));
	return name !== undefined && networkFuse.test(name) ? name : undefined;
}

/** The type that the mount of a path has by name. */
export function mountType(path: string, mountinfo: string): string | undefined {
	let best = '';
	let type: string | undefined;
	for (const line of mountinfo.split('\n')) {
		const [front = '', back] = line.split(' - ');
		const point = front
			.split(' ')[4]
			?.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
		if (back === undefined || point === undefined || point.length < best.length) continue;
		if (path !== point && point !== '/' && !path.startsWith(`${point}/`)) continue;
		best = point;
		type = back.split(' ')[0];
	}
	return type;
}

/** The error that asks for a place on this machine. */
export function networkError(folder: string, name: string): UserError {
	const project = basename(dirname(folder)) || 'scan';
	const place = join(tmpdir(), `scanmake-${userInfo().username}`, project);
	return new UserError(
		'store',
		`The store ${folder} is on a network file system (${name}), where its database could be damaged. Give it a place on a disk of this machine, for instance: --store ${place} (or set SCANMAKE_STORE=${place}).`,
	);
}

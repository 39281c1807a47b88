/** Addresses and telephone numbers that look right and lead nowhere. */
import { type Place, placeNow } from './overlay.ts';
import type { Random } from './random.ts';

const communities = ['望江', '长乐', '和平', '幸福', '新华', '桃园', '杏林', '梅苑', '翠竹', '光明', '柳荫', '双桥', '月亮湾', '石榴园'];
const roads = ['长乐路', '云岭大道', '青石巷', '滨江路', '桂花街', '学府路', '振兴路', '古渡街', '松风路', '环城南路', '钟楼街', '茶亭路'];
/** First three digits that no operator was given when this was written; the shape 1[3-9] is still right. */
const unassigned = ['154', '161', '163', '164', '168', '169'];

/** An address in the elements of GB/T 23705: city, county, township, community, street, number, building, unit, room. */
export function addressIn(random: Random, place: Place): string {
  const town = random.pick(place.townships).zh;
  const head = `云川市${placeNow(place).zh}${town}`;
  if (!town.endsWith('街道') && random.chance(0.6))
    return `${head}${random.pick(communities)}村${random.int(1, 24)}组${random.int(1, 180)}号`;
  const door = `${head}${random.pick(communities)}社区${random.pick(roads)}${random.int(1, 399)}号`;
  return random.chance(0.85) ? `${door}${random.int(1, 32)}栋${random.int(1, 4)}单元${random.int(1, 28)}0${random.int(1, 4)}室` : door;
}

/** An eleven-digit mobile number under a prefix nobody holds. */
export const phoneNumber = (random: Random): string => random.pick(unassigned) + String(random.int(0, 99_999_999)).padStart(8, '0');

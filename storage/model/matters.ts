import { z } from 'zod'
import { type AgendaItem, type Majority, majority } from './session.ts'

/** A matter for which the law asks more than a simple majority, or allows or demands a special kind of vote (R22, R25). */
export const matter = z.object({
  key: z.string().regex(/^[a-z0-9-]+$/),
  name: z.object({ gl: z.string().min(1), es: z.string().min(1) }),
  majority,
  /** `secret-allowed`: election or removal of persons (ROF 102.3). `nominal-required`: the law itself asks for the roll call. */
  vote: z.enum(['any', 'secret-allowed', 'nominal-required']).default('any'),
  article: z.string().min(1),
})
export type Matter = z.infer<typeof matter>

function absolute(key: string, article: string, gl: string, es: string): Matter {
  return { key, name: { gl, es }, majority: 'absolute', vote: 'any', article }
}

/**
 * The catalogue as the product brings it. A council's own regulation may ask for more: `Council.matters` adds to it and replaces by
 * key. The letters are those of LBRL 47.2 as the State has it since Ley 57/2003, which knows no two thirds. Lei 5/1997 de Galicia still
 * says otherwise: two thirds of the number in fact for boundaries, entities, delimitation, name and seat (215.2.a-d), and lower sums (5 %
 * of credit, 10 % of sales and concessions, 215.3). Which of the two binds is for the secretary to say: the same key here mends it.
 */
export const matterCatalogue: readonly Matter[] = [
  absolute(
    'municipality-boundaries',
    'LBRL 47.2.a',
    'Creación ou supresión de municipios e alteración de termos',
    'Creación o supresión de municipios y alteración de términos',
  ),
  absolute(
    'minor-entities',
    'LBRL 47.2.b',
    'Creación, modificación ou supresión de entidades locais menores',
    'Creación, modificación o supresión de entidades locales menores',
  ),
  absolute('boundary-marking', 'LBRL 47.2.c', 'Aprobación da delimitación do termo', 'Aprobación de la delimitación del término'),
  absolute('name-and-seat', 'LBRL 47.2.d', 'Alteración do nome ou da capitalidade', 'Alteración del nombre o de la capitalidad'),
  absolute(
    'symbols',
    'LBRL 47.2.e',
    'Adopción ou modificación de bandeira, enseña ou escudo',
    'Adopción o modificación de bandera, enseña o escudo',
  ),
  absolute(
    'organic-regulation',
    'LBRL 47.2.f',
    'Aprobación ou modificación do regulamento orgánico',
    'Aprobación o modificación del reglamento orgánico',
  ),
  absolute(
    'associations',
    'LBRL 47.2.g',
    'Mancomunidades e outras organizacións asociativas, adhesión e estatutos',
    'Mancomunidades y otras organizaciones asociativas, adhesión y estatutos',
  ),
  absolute(
    'transfer-of-functions',
    'LBRL 47.2.h',
    'Transferencia de funcións, aceptación de delegacións ou encomendas',
    'Transferencia de funciones, aceptación de delegaciones o encomiendas',
  ),
  absolute(
    'communal-assets-use',
    'LBRL 47.2.i',
    'Cesión do aproveitamento de bens comunais',
    'Cesión del aprovechamiento de bienes comunales',
  ),
  absolute(
    'long-concession',
    'LBRL 47.2.j',
    'Concesión de bens ou servizos por máis de cinco anos e máis do 20 % dos recursos ordinarios',
    'Concesión de bienes o servicios por más de cinco años y más del 20 % de los recursos ordinarios',
  ),
  absolute(
    'monopoly',
    'LBRL 47.2.k',
    'Municipalización de actividades en monopolio e forma de xestión do servizo',
    'Municipalización de actividades en monopolio y forma de gestión del servicio',
  ),
  absolute(
    'credit',
    'LBRL 47.2.l',
    'Operacións de crédito de máis do 10 % dos recursos ordinarios',
    'Operaciones de crédito de más del 10 % de los recursos ordinarios',
  ),
  absolute(
    'general-planning',
    'LBRL 47.2.ll',
    'Tramitación municipal do planeamento xeral',
    'Tramitación municipal del planeamiento general',
  ),
  absolute(
    'sale-of-assets',
    'LBRL 47.2.m',
    'Alleamento de bens de máis do 20 % dos recursos ordinarios',
    'Enajenación de bienes de más del 20 % de los recursos ordinarios',
  ),
  absolute(
    'public-domain-status',
    'LBRL 47.2.n',
    'Alteración da cualificación de bens demaniais ou comunais',
    'Alteración de la calificación de bienes demaniales o comunales',
  ),
  absolute(
    'free-transfer',
    'LBRL 47.2.ñ',
    'Cesión gratuíta de bens a outras administracións',
    'Cesión gratuita de bienes a otras administraciones',
  ),
  {
    key: 'election-of-persons',
    name: { gl: 'Elección ou destitución de persoas', es: 'Elección o destitución de personas' },
    majority: 'simple',
    vote: 'secret-allowed',
    article: 'ROF 102.3',
  },
  {
    key: 'motion-of-censure',
    name: { gl: 'Moción de censura á alcaldía', es: 'Moción de censura a la alcaldía' },
    majority: 'absolute',
    vote: 'nominal-required',
    article: 'LOREG 197.1',
  },
  {
    key: 'question-of-confidence',
    name: { gl: 'Cuestión de confianza', es: 'Cuestión de confianza' },
    majority: 'simple',
    vote: 'nominal-required',
    article: 'LOREG 197 bis',
  },
]

/** The catalogue as this council reads it. */
export function mattersOf(council: { matters: readonly Matter[] }): Matter[] {
  const own = new Map(council.matters.map((one) => [one.key, one]))
  return [...matterCatalogue.filter((one) => !own.has(one.key)), ...own.values()]
}

/** The matter an item is about, where it is one of the catalogue. */
export function matterOf(item: Pick<AgendaItem, 'matter'>, council: { matters: readonly Matter[] }): Matter | undefined {
  return item.matter === undefined ? undefined : mattersOf(council).find((one) => one.key === item.matter)
}

const strength: Record<Majority, number> = { simple: 0, absolute: 1, 'two-thirds': 2 }

/** The majority an item's agreement needs: what its matter asks or what the agenda says, whichever is more (R25). */
export function majorityNeeded(item: Pick<AgendaItem, 'matter' | 'majority'>, council: { matters: readonly Matter[] }): Majority {
  const asked = matterOf(item, council)?.majority ?? 'simple'
  return strength[asked] > strength[item.majority] ? asked : item.majority
}

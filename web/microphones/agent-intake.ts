import { Router, raw } from 'express'
import { microphonesPath, microphonesRequest } from '../../recorder/control-protocol.ts'
import { answerProblem, askedBy } from '../agent/agent-routes.ts'
import { CredentialCheck } from '../agent/recorder-credential.ts'
import type { WebParts } from '../web-parts.ts'

/** The same intake for the agent in the chamber, which listens to a system that cannot dial out itself. Errors are answered as of all agents. */
export function agentIntakeRoutes(parts: Pick<WebParts, 'storage' | 'microphones' | 'log'>): Router {
  const router = Router()
  const check = new CredentialCheck(parts.storage)
  router.post(microphonesPath, raw({ type: 'application/json', limit: 500_000 }), async (request, response) => {
    const { recorder, body } = await askedBy(check, request, microphonesRequest)
    const from = { origin: recorder.recorder.id }
    response.json(await parts.microphones.takeEvents(recorder.council, from, body.events))
  })
  router.use(microphonesPath, answerProblem(parts.log))
  return router
}

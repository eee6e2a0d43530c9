package airlock.secrets;

import airlock.base.Json;
import airlock.config.CertificateWay;
import tools.jackson.databind.node.ObjectNode;

/// What an operator's command is asked for a certificate, as one JSON object (docs/secrets.md).
final class CertificateQuestion {
    private CertificateQuestion() {}

    /// @param publicKey as OpenSSH writes it
    static String json(CertificateWay way, RunFacts facts, String publicKey) {
        ObjectNode question = Json.MAPPER.createObjectNode();
        question.put("public_key", publicKey);
        question.put("run", facts.run().text());
        question.put("serial", facts.serial());
        question.put("repository", facts.repository().toString());
        question.put("subject", facts.subject().shortName());
        question.put("trust", facts.trust().key());
        question.put("phase", facts.phase().key());
        question.put("life_seconds", way.life().toSeconds());
        var principals = question.putArray("principals");
        way.principals().forEach(principals::add);
        var options = question.putObject("options");
        way.restriction().options().forEach(options::put);
        return Json.MAPPER.writeValueAsString(question) + "\n";
    }
}

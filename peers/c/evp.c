/* Calls OpenSSL's EVP. The contexts are prepared once, so a packet costs a new initialization vector and no key setup. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

struct evp {
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX *mac;
    int is_aead, is_ccm, encrypts;
    int tag_len;
};

void vpnwire_peer_evp_free(struct evp *evp)
{
    if (!evp)
        return;
    EVP_CIPHER_CTX_free(evp->cipher);
    EVP_MAC_CTX_free(evp->mac);
    free(evp);
}

/* `cipher` and `digest` may be absent. `nonce_len` and `tag_len` are those of a combined mode. */
struct evp *vpnwire_peer_evp_new(const char *cipher, const char *digest, const unsigned char *key,
                                 const unsigned char *mac_key, size_t mac_key_len, int nonce_len, int tag_len,
                                 int encrypts)
{
    struct evp *evp = calloc(1, sizeof *evp);
    int good = evp != NULL;

    if (!good)
        return NULL;
    evp->is_aead = nonce_len != 0;
    evp->is_ccm = evp->is_aead && strstr(cipher, "CCM") != NULL;
    evp->encrypts = encrypts;
    evp->tag_len = tag_len;
    if (cipher) {
        EVP_CIPHER *found = EVP_CIPHER_fetch(NULL, cipher, NULL);

        evp->cipher = EVP_CIPHER_CTX_new();
        good = found && evp->cipher && EVP_CipherInit_ex(evp->cipher, found, NULL, NULL, NULL, encrypts);
        if (good && evp->is_aead)
            good = EVP_CIPHER_CTX_ctrl(evp->cipher, EVP_CTRL_AEAD_SET_IVLEN, nonce_len, NULL) > 0;
        if (good && evp->is_ccm)
            good = EVP_CIPHER_CTX_ctrl(evp->cipher, EVP_CTRL_AEAD_SET_TAG, tag_len, NULL) > 0;
        good = good && EVP_CipherInit_ex(evp->cipher, NULL, NULL, key, NULL, encrypts) &&
               EVP_CIPHER_CTX_set_padding(evp->cipher, 0);
        EVP_CIPHER_free(found);
    }
    if (good && digest) {
        EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
        OSSL_PARAM parameters[2] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0),
                                     OSSL_PARAM_construct_end() };

        evp->mac = EVP_MAC_CTX_new(mac);
        good = evp->mac && EVP_MAC_init(evp->mac, mac_key, mac_key_len, parameters);
        EVP_MAC_free(mac);
    }
    if (!good) {
        vpnwire_peer_evp_free(evp);
        return NULL;
    }
    return evp;
}

/* Encrypts or decrypts in place. */
int vpnwire_peer_evp_cipher(struct evp *evp, const unsigned char *iv, unsigned char *text, int len)
{
    int written;

    return EVP_CipherInit_ex(evp->cipher, NULL, NULL, NULL, iv, -1) &&
           EVP_CipherUpdate(evp->cipher, text, &written, text, len) && written == len;
}

/* Writes the first `code_len` octets of the MAC. */
int vpnwire_peer_evp_mac(struct evp *evp, const unsigned char *octets, size_t len, unsigned char *code, size_t code_len)
{
    unsigned char whole[EVP_MAX_MD_SIZE];
    size_t written;

    if (!EVP_MAC_init(evp->mac, NULL, 0, NULL) || !EVP_MAC_update(evp->mac, octets, len) ||
        !EVP_MAC_final(evp->mac, whole, &written, sizeof whole) || written < code_len)
        return 0;
    memcpy(code, whole, code_len);
    return 1;
}

/* Runs a combined mode over `text` in place. It writes the tag when it encrypts, and checks it when it decrypts. */
int vpnwire_peer_evp_aead(struct evp *evp, const unsigned char *nonce, const unsigned char *associated,
                          int associated_len, unsigned char *text, int len, unsigned char *tag)
{
    int written;
    EVP_CIPHER_CTX *cipher = evp->cipher;

    if (evp->is_ccm) {
        if (!evp->encrypts && EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, evp->tag_len, tag) <= 0)
            return 0;
        if (!EVP_CipherInit_ex(cipher, NULL, NULL, NULL, nonce, -1) ||
            !EVP_CipherUpdate(cipher, NULL, &written, NULL, len) ||
            !EVP_CipherUpdate(cipher, NULL, &written, associated, associated_len) ||
            EVP_CipherUpdate(cipher, text, &written, text, len) <= 0)
            return 0;
        return !evp->encrypts || EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, evp->tag_len, tag) > 0;
    }
    if (!EVP_CipherInit_ex(cipher, NULL, NULL, NULL, nonce, -1) ||
        !EVP_CipherUpdate(cipher, NULL, &written, associated, associated_len) ||
        (len && !EVP_CipherUpdate(cipher, text, &written, text, len)))
        return 0;
    if (evp->encrypts)
        return EVP_CipherFinal_ex(cipher, text, &written) &&
               EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, evp->tag_len, tag) > 0;
    return EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, evp->tag_len, tag) > 0 &&
           EVP_CipherFinal_ex(cipher, text, &written) > 0;
}

/* Calls Intel's multi-buffer library, one job at a time. A job is submitted and flushed at once, as a sender of single packets
 * has to do. */
#include <intel-ipsec-mb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct mb {
    DECLARE_ALIGNED(uint32_t encryption_keys[15 * 4], 64);
    DECLARE_ALIGNED(uint32_t decryption_keys[15 * 4], 64);
    DECLARE_ALIGNED(uint64_t des_keys[3][16], 64);
    DECLARE_ALIGNED(struct gcm_key_data gcm, 64);
    DECLARE_ALIGNED(uint8_t inner[64], 64);
    DECLARE_ALIGNED(uint8_t outer[64], 64);
    DECLARE_ALIGNED(uint32_t xcbc_1[11 * 4], 64);
    DECLARE_ALIGNED(uint8_t xcbc_2[16], 16);
    DECLARE_ALIGNED(uint8_t xcbc_3[16], 16);
    const void *triple_des[3];
    IMB_MGR *manager;
    IMB_JOB job;
};

enum cipher { CIPHER_NULL, CIPHER_DES, CIPHER_3DES, CIPHER_CBC, CIPHER_CTR, CIPHER_GCM, CIPHER_CCM };
enum mac { MAC_MD5, MAC_SHA1, MAC_SHA256, MAC_SHA384, MAC_SHA512, MAC_XCBC, MAC_COMBINED };

const char *vpnwire_peer_mb_version(void)
{
    return imb_get_version_str();
}

void vpnwire_peer_mb_free(struct mb *mb)
{
    if (!mb)
        return;
    if (mb->manager)
        free_mb_mgr(mb->manager);
    free(mb);
}

/* The state after one block of the key and a pad. */
static int key_block(struct mb *mb, int mac, const uint8_t *key, size_t key_len, uint8_t pad, uint8_t *state)
{
    uint8_t block[128];
    size_t block_len = mac == MAC_SHA384 || mac == MAC_SHA512 ? 128 : 64, at;

    if (key_len > block_len)
        return 0;
    memset(block, pad, sizeof block);
    for (at = 0; at < key_len; at++)
        block[at] ^= key[at];
    switch (mac) {
    case MAC_MD5:
        IMB_MD5_ONE_BLOCK(mb->manager, block, state);
        return 1;
    case MAC_SHA1:
        IMB_SHA1_ONE_BLOCK(mb->manager, block, state);
        return 1;
    case MAC_SHA256:
        IMB_SHA256_ONE_BLOCK(mb->manager, block, state);
        return 1;
    case MAC_SHA384:
        IMB_SHA384_ONE_BLOCK(mb->manager, block, state);
        return 1;
    default:
        IMB_SHA512_ONE_BLOCK(mb->manager, block, state);
        return 1;
    }
}

static int set_cipher(struct mb *mb, int cipher, const uint8_t *key, size_t key_len)
{
    IMB_JOB *job = &mb->job;
    size_t part;

    job->enc_keys = mb->encryption_keys;
    job->dec_keys = mb->decryption_keys;
    job->key_len_in_bytes = key_len;
    switch (cipher) {
    case CIPHER_NULL:
        job->cipher_mode = IMB_CIPHER_NULL;
        return 1;
    case CIPHER_DES:
    case CIPHER_3DES:
        job->cipher_mode = cipher == CIPHER_DES ? IMB_CIPHER_DES : IMB_CIPHER_DES3;
        for (part = 0; part < key_len / 8; part++) {
            if (IMB_DES_KEYSCHED(mb->manager, mb->des_keys[part], key + 8 * part) != 0)
                return 0;
            mb->triple_des[part] = mb->des_keys[part];
        }
        job->enc_keys = cipher == CIPHER_DES ? (const void *)mb->des_keys[0] : (const void *)mb->triple_des;
        job->dec_keys = job->enc_keys;
        return 1;
    case CIPHER_GCM:
        job->cipher_mode = IMB_CIPHER_GCM;
        job->enc_keys = job->dec_keys = &mb->gcm;
        if (key_len == 16)
            IMB_AES128_GCM_PRE(mb->manager, key, &mb->gcm);
        else if (key_len == 24)
            IMB_AES192_GCM_PRE(mb->manager, key, &mb->gcm);
        else
            IMB_AES256_GCM_PRE(mb->manager, key, &mb->gcm);
        return 1;
    default:
        job->cipher_mode = cipher == CIPHER_CBC ? IMB_CIPHER_CBC : cipher == CIPHER_CTR ? IMB_CIPHER_CNTR : IMB_CIPHER_CCM;
        if (cipher == CIPHER_CTR || cipher == CIPHER_CCM)
            job->dec_keys = mb->encryption_keys;
        if (key_len == 16)
            IMB_AES_KEYEXP_128(mb->manager, key, mb->encryption_keys, mb->decryption_keys);
        else if (key_len == 24)
            IMB_AES_KEYEXP_192(mb->manager, key, mb->encryption_keys, mb->decryption_keys);
        else
            IMB_AES_KEYEXP_256(mb->manager, key, mb->encryption_keys, mb->decryption_keys);
        return 1;
    }
}

static int set_mac(struct mb *mb, int cipher, int mac, const uint8_t *key, size_t key_len, size_t associated_len)
{
    static const IMB_HASH_ALG algorithms[] = { IMB_AUTH_MD5,          IMB_AUTH_HMAC_SHA_1,   IMB_AUTH_HMAC_SHA_256,
                                               IMB_AUTH_HMAC_SHA_384, IMB_AUTH_HMAC_SHA_512, IMB_AUTH_AES_XCBC };
    IMB_JOB *job = &mb->job;

    if (mac == MAC_COMBINED) {
        job->hash_alg = cipher == CIPHER_GCM ? IMB_AUTH_AES_GMAC : IMB_AUTH_AES_CCM;
        if (cipher == CIPHER_GCM)
            job->u.GCM.aad_len_in_bytes = associated_len;
        else
            job->u.CCM.aad_len_in_bytes = associated_len;
        return 1;
    }
    job->hash_alg = algorithms[mac];
    if (mac == MAC_XCBC) {
        IMB_AES_XCBC_KEYEXP(mb->manager, key, mb->xcbc_1, mb->xcbc_2, mb->xcbc_3);
        job->u.XCBC._k1_expanded = mb->xcbc_1;
        job->u.XCBC._k2 = mb->xcbc_2;
        job->u.XCBC._k3 = mb->xcbc_3;
        return 1;
    }
    job->u.HMAC._hashed_auth_key_xor_ipad = mb->inner;
    job->u.HMAC._hashed_auth_key_xor_opad = mb->outer;
    return key_block(mb, mac, key, key_len, 0x36, mb->inner) && key_block(mb, mac, key, key_len, 0x5c, mb->outer);
}

struct mb *vpnwire_peer_mb_new(int cipher, int mac, const uint8_t *key, size_t key_len, const uint8_t *mac_key,
                               size_t mac_key_len, size_t iv_len, size_t tag_len, size_t associated_len, int encrypts)
{
    IMB_ARCH arch;
    struct mb *mb;

    if (posix_memalign((void **)&mb, 64, sizeof *mb))
        return NULL;
    memset(mb, 0, sizeof *mb);
    mb->manager = alloc_mb_mgr(0);
    if (!mb->manager) {
        free(mb);
        return NULL;
    }
    init_mb_mgr_auto(mb->manager, &arch);
    mb->job.cipher_direction = encrypts ? IMB_DIR_ENCRYPT : IMB_DIR_DECRYPT;
    mb->job.chain_order = encrypts ? IMB_ORDER_CIPHER_HASH : IMB_ORDER_HASH_CIPHER;
    /* CCM authenticates the plaintext. */
    if (cipher == CIPHER_CCM)
        mb->job.chain_order = encrypts ? IMB_ORDER_HASH_CIPHER : IMB_ORDER_CIPHER_HASH;
    mb->job.iv_len_in_bytes = iv_len;
    mb->job.auth_tag_output_len_in_bytes = tag_len;
    if (!set_cipher(mb, cipher, key, key_len) || !set_mac(mb, cipher, mac, mac_key, mac_key_len, associated_len)) {
        vpnwire_peer_mb_free(mb);
        return NULL;
    }
    return mb;
}

/* Processes one packet: encrypts or decrypts from `text_offset` on, and authenticates from the start; a combined mode
 * authenticates `associated` and the text. Writes the tag, which the caller compares when it decrypts. */
int vpnwire_peer_mb_run(struct mb *mb, uint8_t *packet, size_t text_offset, size_t text_len, const uint8_t *iv,
                        const uint8_t *associated, uint8_t *tag)
{
    IMB_JOB *job = IMB_GET_NEXT_JOB(mb->manager), *done;

    *job = mb->job;
    job->src = packet;
    job->dst = packet + text_offset;
    job->cipher_start_src_offset_in_bytes = text_offset;
    job->msg_len_to_cipher_in_bytes = text_len;
    job->iv = iv;
    job->auth_tag_output = tag;
    if (job->hash_alg == IMB_AUTH_AES_GMAC || job->hash_alg == IMB_AUTH_AES_CCM) {
        job->hash_start_src_offset_in_bytes = text_offset;
        job->msg_len_to_hash_in_bytes = text_len;
        if (job->hash_alg == IMB_AUTH_AES_GMAC)
            job->u.GCM.aad = associated;
        else
            job->u.CCM.aad = associated;
    } else {
        job->hash_start_src_offset_in_bytes = 0;
        job->msg_len_to_hash_in_bytes = text_offset + text_len;
    }
    done = IMB_SUBMIT_JOB_NOCHECK(mb->manager);
    if (!done)
        done = IMB_FLUSH_JOB(mb->manager);
    return done && done->status == IMB_STATUS_COMPLETED;
}


/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Which jobs may be committed by another worker than the one that was asked:
 * store/desk.h.  They are those that come often; each is run by client id or
 * mark, so that a second run has the result of the first.
 */

#ifndef NGX_CHAT_COMMAND_KINDS_H
#define NGX_CHAT_COMMAND_KINDS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/job.h"


extern ngx_chat_job_kind_t  ngx_chat_command_kinds[];


#endif /* NGX_CHAT_COMMAND_KINDS_H */

#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A few seconds of fuzzing for each parser of outside bytes; script/fuzz takes
# longer when asked.

use v5.36;

use Cwd qw(abs_path);
use File::Basename qw(dirname);

exec abs_path(dirname(__FILE__) . '/..') . '/script/fuzz'
    or die "script/fuzz: $!\n";
